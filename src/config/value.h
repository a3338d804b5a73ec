// One value of a configuration: JSON's data model plus where the value was written. A tree of them
// is what files, strings and overrides are parsed into, and what results are written from.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace casim::config {

// Where a text came from. Relative paths inside it start at base_directory.
struct Origin {
  std::string name;  // as shown in messages: a file name, or "--set a.b=c"
  std::filesystem::path base_directory;
};

class Value {
 public:
  enum class Kind { kNull, kBool, kInteger, kNumber, kString, kList, kObject };
  struct Entry;
  using List = std::vector<Value>;
  using Object = std::vector<Entry>;  // in the order of writing; keys are unique

  Value() = default;  // null

  Value(bool b);
  Value(double number);
  Value(std::string text);
  Value(std::string_view text);
  Value(const char* text);
  Value(List items);
  Value(Object entries);

  // Whole numbers are kept signed; unsigned only above the signed range (seeds).
  template <std::integral I>
    requires(!std::same_as<I, bool>)
  Value(I number);

  Kind kind() const;

  bool is_null() const { return kind() == Kind::kNull; }

  // Null where the value is of another kind.
  const bool* as_bool() const { return std::get_if<bool>(&data_); }

  const std::string* as_string() const { return std::get_if<std::string>(&data_); }

  const List* as_list() const { return std::get_if<List>(&data_); }

  const Object* as_object() const { return std::get_if<Object>(&data_); }

  List* as_list() { return std::get_if<List>(&data_); }

  Object* as_object() { return std::get_if<Object>(&data_); }

  // Whole numbers, also when written 1e3 or 2.0; nothing when out of range.
  std::optional<std::int64_t> as_int64() const;
  std::optional<std::uint64_t> as_uint64() const;
  std::optional<double> as_double() const;

  // The member of an object; null if it is absent or this is no object.
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  // Adds or replaces a member. Turns null into an object. Requires: null or an object.
  Value& set(std::string_view key, Value value);

  // Line 0 means unknown. Positions do not take part in ==.
  int line() const { return line_; }

  const Origin* origin() const { return origin_.get(); }

  void set_position(std::shared_ptr<const Origin> origin, int line);
  // The same for the value and everything below it.
  void set_position_deep(const std::shared_ptr<const Origin>& origin, int line);

  bool operator==(const Value& other) const;

 private:
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, List, Object>
      data_;
  std::shared_ptr<const Origin> origin_;
  int line_ = 0;
};

struct Value::Entry {
  std::string key;
  Value value;

  bool operator==(const Entry&) const = default;
};

// Not in the class, where Entry is incomplete.
template <std::integral I>
  requires(!std::same_as<I, bool>)
Value::Value(I number) {
  if (std::in_range<std::int64_t>(number)) {
    data_ = static_cast<std::int64_t>(number);
  } else {
    data_ = static_cast<std::uint64_t>(number);
  }
}

// For messages: null, true, 90, "text" (cut when long), a list, an object.
std::string found_text(const Value& value);

// JSON text with two blanks of indentation and a final newline; indent < 0: one line, no newline.
std::string to_json(const Value& value, int indent = 2);

}  // namespace casim::config
