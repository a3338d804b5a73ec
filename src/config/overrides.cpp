#include "src/config/overrides.h"

#include <charconv>
#include <memory>

#include <fmt/format.h>

#include "src/config/names.h"
#include "src/config/override_text.h"
#include "src/config/parsers.h"

namespace casim::config {
namespace {

// Of the name of an override's origin.
constexpr std::string_view kSet = "--set ";
constexpr std::string_view kCut = "...";

// The "=" that ends the path; those inside of quotes belong to a name.
std::size_t find_equals(std::string_view text) {
  bool in_quotes = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_quotes && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_quotes = !in_quotes;
    } else if (text[i] == '=' && !in_quotes) {
      return i;
    }
  }
  return std::string_view::npos;
}

// JSON if it is JSON, else the text itself.
Value value_of(std::string_view text, const std::shared_ptr<const Origin>& origin) {
  Problems ignored;
  TreeBuilder builder(origin, ignored);
  const bool is_json = parse_json(text, /*allow_comments=*/false, builder) && ignored.empty();
  Value value = is_json ? builder.take_root() : Value(text);
  value.set_position_deep(origin, 0);
  return value;
}

const std::string* name_of(const Value& item) {
  for (const char* key : {"name", "id"}) {
    const Value* name = item.find(key);
    if (name != nullptr && name->as_string() != nullptr) return name->as_string();
  }
  return nullptr;
}

std::optional<std::size_t> index_of(std::string_view text) {
  std::size_t index = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, index);
  if (result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return index;
}

// Walks down from the root to the value that the path names, making absent objects.
class Walk {
 public:
  Walk(Value& root, std::shared_ptr<const Origin> origin, Problems& problems)
      : at_(&root), origin_(std::move(origin)), problems_(problems) {}

  Value& at() { return *at_; }

  bool enter(const Segment& segment) {
    if (at_->as_list() != nullptr) return enter_list(segment);
    if (at_->is_null()) {
      *at_ = Value(Value::Object{});
      at_->set_position(origin_, 0);
    }
    if (at_->as_object() == nullptr) {
      return fail(fmt::format("it is {}, nothing is below it", found_text(*at_)));
    }
    const auto* key = std::get_if<std::string>(&segment);
    if (key == nullptr) return fail("it is an object, not a list");
    Value* next = at_->find(*key);
    if (next == nullptr) next = &at_->set(*key, Value());
    at_ = next;
    append_key(path_, *key);
    return true;
  }

 private:
  bool enter_list(const Segment& segment) {
    const auto* name = std::get_if<std::string>(&segment);
    const auto index = name != nullptr ? find_item(*name) : std::get<std::size_t>(segment);
    if (!index) return false;
    Value::List& items = *at_->as_list();
    if (*index >= items.size()) {
      return fail(fmt::format("there is no item {}: the list has {}", *index, items.size()));
    }
    at_ = &items[*index];
    append_index(path_, *index);
    return true;
  }

  std::optional<std::size_t> find_item(const std::string& name) {
    const Value::List& items = *at_->as_list();
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string* item = name_of(items[i]);
      if (item != nullptr && *item == name) return i;
      if (item != nullptr) names.push_back(*item);
    }
    if (const auto index = index_of(name)) return index;
    fail(fmt::format("no item is named \"{}\"{}", name, suggestion(name, names)));
    return std::nullopt;
  }

  bool fail(std::string message) {
    problems_.add({Severity::kError, origin_->name, 0, 0, path_, std::move(message)});
    return false;
  }

  Value* at_;
  std::string path_;
  std::shared_ptr<const Origin> origin_;
  Problems& problems_;
};

}  // namespace

std::string scalar_of_override(const Origin& origin) {
  const std::size_t equals = find_equals(origin.name);
  if (!origin.name.starts_with(kSet) || equals == std::string::npos) return "";
  std::string value = origin.name.substr(equals + 1);
  const bool is_whole = !value.ends_with(kCut) && !value.empty();
  return is_whole && value.front() != '{' && value.front() != '[' ? value : "";
}

bool apply_override(Document& document, std::string_view assignment, Problems& problems) {
  constexpr std::size_t kShown = 100;
  const bool is_long = assignment.size() > kShown;
  const auto origin = std::make_shared<const Origin>(
      Origin{fmt::format("{}{}{}", kSet, assignment.substr(0, kShown), is_long ? kCut : ""), {}});
  const auto fail = [&](std::string message) {
    problems.add({Severity::kError, origin->name, 0, 0, "", std::move(message)});
    return false;
  };
  const std::size_t equals = find_equals(assignment);
  if (equals == std::string_view::npos) return fail("expected path=value");
  const auto path = parse_path(assignment.substr(0, equals));
  if (!path) return fail(path.error());
  if (path->size() > static_cast<std::size_t>(kMaxDepth)) return fail("the path is too deep");
  Walk walk(document.root(), origin, problems);
  for (const Segment& segment : *path) {
    if (!walk.enter(segment)) return false;
  }
  walk.at() = value_of(assignment.substr(equals + 1), origin);
  return true;
}

}  // namespace casim::config
