// Paths of values as text: node_groups[2].labels["example.com/pool"].
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "src/config/names.h"

namespace casim::config {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

bool is_plain_key(std::string_view key) {
  return !key.empty() && key.size() <= 64 && std::ranges::all_of(key, is_plain);
}

std::string quoted(std::string_view key) {
  std::string text = "\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text + '"';
}

class PathParser {
 public:
  explicit PathParser(std::string_view text) : rest_(text) {}

  std::expected<Path, std::string> parse() {
    if (rest_.empty()) return std::unexpected("the path is empty");
    bool ok = rest_.front() == '[' ? bracket() : name();
    while (ok && !rest_.empty()) {
      if (rest_.front() == '[') {
        ok = bracket();
      } else if (take('.')) {
        ok = name();
      } else {
        ok = fail(fmt::format("\".\" or \"[\" expected before \"{}\"", rest_.substr(0, 20)));
      }
    }
    if (!ok) return std::unexpected(error_);
    return std::move(path_);
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  bool fail(std::string error) {
    error_ = std::move(error);
    return false;
  }

  bool name() {
    if (!rest_.empty() && rest_.front() == '"') return quoted_name();
    const std::size_t length = std::min(rest_.find_first_of(".[]\"="), rest_.size());
    if (length == 0) return fail("a name is missing between the dots");
    path_.emplace_back(std::string(rest_.substr(0, length)));
    rest_.remove_prefix(length);
    return true;
  }

  bool bracket() {
    take('[');
    if (!rest_.empty() && rest_.front() == '"') {
      return quoted_name() && (take(']') || fail("a closing ] is missing"));
    }
    std::size_t index = 0;
    const auto [end, status] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), index);
    if (status != std::errc{}) return fail("a number or a quoted name must follow [");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    path_.emplace_back(index);
    return take(']') || fail("a closing ] is missing");
  }

  bool quoted_name() {
    take('"');
    std::string key;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) {
        if (!escape(key)) return false;
      } else {
        key += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    path_.emplace_back(std::move(key));
    return take('"') || fail("a closing quote is missing");
  }

  bool escape(std::string& key) {
    rest_.remove_prefix(1);
    if (!take('x')) {
      key += rest_.front();
      rest_.remove_prefix(1);
      return true;
    }
    unsigned char code = 0;
    const std::string_view digits = rest_.substr(0, 2);
    const auto [end, status] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (status != std::errc{} || digits.size() != 2 || end != digits.data() + 2) {
      return fail("two hexadecimal digits must follow \\x");
    }
    key += static_cast<char>(code);
    rest_.remove_prefix(2);
    return true;
  }

  std::string_view rest_;
  Path path_;
  std::string error_;
};

}  // namespace

void append_key(std::string& path, std::string_view key) {
  if (!is_plain_key(key)) {
    path += fmt::format("[{}]", quoted(key));
    return;
  }
  if (!path.empty()) path += '.';
  path += key;
}

void append_index(std::string& path, std::size_t index) { path += fmt::format("[{}]", index); }

std::string to_string(const Path& path) {
  std::string text;
  for (const Segment& segment : path) {
    if (const auto* key = std::get_if<std::string>(&segment)) {
      append_key(text, *key);
    } else {
      append_index(text, std::get<std::size_t>(segment));
    }
  }
  return text;
}

std::expected<Path, std::string> parse_path(std::string_view text) {
  return PathParser(text).parse();
}

}  // namespace casim::config
