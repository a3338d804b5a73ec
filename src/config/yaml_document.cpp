// YAML by yaml-cpp's event interface: it gives lines and duplicate keys, and aliases are resolved
// here, under the limits of the tree.
#include <algorithm>
#include <charconv>
#include <istream>
#include <map>
#include <spanstream>

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "src/config/parsers.h"

namespace casim::config {
namespace {

struct Stop {};  // a limit was reached, or a form that JSON cannot express; already reported

bool is_json_number(std::string_view text) {
  const auto digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.starts_with('0');
  const std::size_t whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (digits() == 0) return false;
  }
  return text.empty();
}

template <class Number>
std::optional<Value> number_of(std::string_view text) {
  Number number{};
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return Value(number);
}

// A plain scalar has the type that the same text has in JSON.
Value plain_scalar(const std::string& text) {
  if (text == "true") return Value(true);
  if (text == "false") return Value(false);
  if (is_json_number(text)) {
    if (auto value = number_of<std::int64_t>(text)) return *value;
    if (auto value = number_of<std::uint64_t>(text)) return *value;
    if (auto value = number_of<double>(text)) return *value;
  }
  return Value(text);
}

class YamlEvents : public YAML::EventHandler {
 public:
  explicit YamlEvents(TreeBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark&) override {}

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) refuse_key(mark);
    add(Value(), mark, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (expects_key()) {
      check(builder_.key(text, line(mark)));
      levels_.back().expects_key = false;
      if (anchor != YAML::NullAnchor) anchors_[anchor] = Value(text);
      return;
    }
    const bool is_plain = tag.empty() || tag == "?" || is_scalar_tag(tag);
    if (!is_plain && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(mark, tag);
    add(is_plain ? plain_scalar(text) : Value(text), mark, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) refuse_key(mark);
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end()) stop(mark, "the alias stands inside of what it names");
    add(target->second, mark, YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(Value::List{}, mark, tag, anchor);
  }

  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(Value::Object{}, mark, tag, anchor);
  }

  void OnMapEnd() override { end(); }

 private:
  struct Level {
    bool is_map = false;
    bool expects_key = false;
    YAML::anchor_t anchor = YAML::NullAnchor;
  };

  static int line(const YAML::Mark& mark) { return mark.line + 1; }

  static bool is_scalar_tag(const std::string& tag) {
    return tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:float" ||
           tag == "tag:yaml.org,2002:bool";
  }

  bool expects_key() const { return !levels_.empty() && levels_.back().expects_key; }

  void check(bool ok) {
    if (!ok) throw Stop{};
  }

  [[noreturn]] void stop(const YAML::Mark& mark, std::string message) {
    builder_.fail(line(mark), mark.column + 1, std::move(message));
    throw Stop{};
  }

  [[noreturn]] void refuse_key(const YAML::Mark& mark) { stop(mark, "a key must be plain text"); }

  [[noreturn]] void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    stop(mark, fmt::format("the tag \"{}\" is not known here", tag.substr(0, 60)));
  }

  void add(Value value, const YAML::Mark& mark, YAML::anchor_t anchor) {
    check(builder_.value(std::move(value), line(mark)));
    completed(anchor);
  }

  void begin(Value empty, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (expects_key()) refuse_key(mark);
    const bool known = tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:map" ||
                       tag == "tag:yaml.org,2002:seq";
    if (!known) refuse_tag(mark, tag);
    const bool is_map = empty.as_object() != nullptr;
    check(builder_.begin(std::move(empty), line(mark)));
    levels_.push_back({is_map, is_map, anchor});
  }

  void end() {
    check(builder_.end());
    const YAML::anchor_t anchor = levels_.back().anchor;
    levels_.pop_back();
    completed(anchor);
  }

  // A value of a map is followed by the next key.
  void completed(YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      check(builder_.within_limits(builder_.last(), builder_.last().line()));
      anchors_[anchor] = builder_.last();
    }
    if (!levels_.empty() && levels_.back().is_map) levels_.back().expects_key = true;
  }

  TreeBuilder& builder_;
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Value> anchors_;
};

struct Place {
  int line = 0;
  int column = 0;
};

// The library says of a text that breaks off that it does so in its first line.
Place place_of(const YAML::Exception& error, std::string_view text) {
  if (!error.msg.starts_with("end of ")) return {error.mark.line + 1, error.mark.column + 1};
  const auto line = std::ranges::count(text, '\n') + 1;
  const auto column = text.size() - (text.rfind('\n') + 1) + 1;
  return {static_cast<int>(line), static_cast<int>(column)};
}

}  // namespace

bool parse_yaml(std::string_view text, TreeBuilder& builder) {
  std::ispanstream stream(std::span<const char>(text.data(), text.size()));
  try {
    YamlEvents events(builder);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(events)) return builder.fail(1, 0, "the document is empty");
    if (parser) return builder.fail(0, 0, "more than one document in the file");
  } catch (const Stop&) {
    return false;
  } catch (const YAML::Exception& error) {
    const Place place = place_of(error, text);
    return builder.fail(place.line, place.column, error.msg);
  }
  return true;
}

}  // namespace casim::config
