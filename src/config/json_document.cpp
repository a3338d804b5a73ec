// JSON by nlohmann's event interface, because it alone shows duplicate keys, and because values
// can be given their lines: the parser reads through an iterator that we count along.
#include <algorithm>
#include <cstddef>
#include <iterator>

#include <nlohmann/json.hpp>

#include "src/config/parsers.h"

namespace casim::config {
namespace {

using Json = nlohmann::json;

// Where the parser has read to. A token is complete when its event comes; a number takes one
// character more, which ends the number's line at most.
class ReadPosition {
 public:
  explicit ReadPosition(std::string_view text) : scanned_(text.data()), line_start_(text.data()) {}

  void reach(const char* last) { last_ = last; }

  int line() {
    if (last_ == nullptr) return line_;
    for (; scanned_ != last_; ++scanned_) {
      if (*scanned_ != '\n') continue;
      ++line_;
      line_start_ = scanned_ + 1;
    }
    return line_;
  }

  int column() {
    line();
    return last_ == nullptr ? 1 : static_cast<int>(last_ - line_start_) + 1;
  }

 private:
  const char* scanned_;
  const char* line_start_;
  const char* last_ = nullptr;
  int line_ = 1;
};

class TrackingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TrackingIterator(const char* at, ReadPosition* position) : at_(at), position_(position) {}

  reference operator*() const {
    position_->reach(at_);
    return *at_;
  }

  TrackingIterator& operator++() {
    ++at_;
    return *this;
  }

  TrackingIterator operator++(int) {
    TrackingIterator before = *this;
    ++at_;
    return before;
  }

  bool operator==(const TrackingIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_;
  ReadPosition* position_;
};

// "[json.exception.parse_error.101] parse error at line 1, column 2: the rest" -> "the rest".
std::string reason_of(std::string text) {
  constexpr std::size_t kShown = 240;
  if (const auto end = text.find("] "); text.starts_with('[') && end != text.npos) {
    text.erase(0, end + 2);
  }
  if (const auto end = text.find(": "); text.starts_with("parse error at") && end != text.npos) {
    text.erase(0, end + 2);
  }
  // Bytes that are no text must not reach a terminal.
  std::ranges::replace_if(text, [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
  if (text.size() > kShown) text = text.substr(0, kShown) + "...";
  return text;
}

class JsonEvents {
 public:
  JsonEvents(TreeBuilder& builder, ReadPosition& position)
      : builder_(builder), position_(position) {}

  bool null() { return builder_.value({}, position_.line()); }

  bool boolean(bool b) { return builder_.value(b, position_.line()); }

  bool number_integer(Json::number_integer_t n) { return builder_.value(n, position_.line()); }

  bool number_unsigned(Json::number_unsigned_t n) { return builder_.value(n, position_.line()); }

  bool number_float(Json::number_float_t n, const Json::string_t&) {
    return builder_.value(n, position_.line());
  }

  bool string(Json::string_t& text) { return builder_.value(std::move(text), position_.line()); }

  bool binary(Json::binary_t&) { return false; }

  bool start_object(std::size_t) { return builder_.begin(Value::Object{}, position_.line()); }

  bool key(Json::string_t& name) { return builder_.key(std::move(name), position_.line()); }

  bool end_object() { return builder_.end(); }

  bool start_array(std::size_t) { return builder_.begin(Value::List{}, position_.line()); }

  bool end_array() { return builder_.end(); }

  bool parse_error(std::size_t, const std::string&, const Json::exception& error) {
    const int column = position_.column();
    return builder_.fail(position_.line(), column, reason_of(error.what()));
  }

 private:
  TreeBuilder& builder_;
  ReadPosition& position_;
};

}  // namespace

bool parse_json(std::string_view text, bool allow_comments, TreeBuilder& builder) {
  if (text.empty()) return builder.fail(1, 0, "the document is empty");
  ReadPosition position(text);
  JsonEvents events(builder, position);
  const TrackingIterator begin(text.data(), &position);
  const TrackingIterator end(text.data() + text.size(), &position);
  return Json::sax_parse(begin, end, &events, Json::input_format_t::json, true, allow_comments);
}

}  // namespace casim::config
