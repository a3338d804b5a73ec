// The untyped half of the codecs: a value together with its place and the list of problems, and
// what reading, writing and schemas share for all types. Only codecs need this header.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "src/config/problems.h"
#include "src/config/rules.h"
#include "src/config/value.h"
#include "src/config/visitor.h"

namespace casim::config {

// A value, where it stands and where problems go. Lives on the stack while its value is read:
// a child refers to its parent.
class Cursor {
 public:
  Cursor(const Value& root, Problems& problems) : value_(root), problems_(problems) {}

  const Value& value() const { return value_; }

  Problems& problems() const { return problems_; }

  bool is_root() const { return parent_ == nullptr; }

  Cursor at(const Value& value, std::string_view key) const { return {value, *this, key, 0}; }

  Cursor at(const Value& value, std::size_t index) const { return {value, *this, {}, index}; }

  std::string path() const;
  void error(std::string message) const;
  void warning(std::string message) const;
  // "expected a duration such as "90s", found 90", with the reason if there is one.
  void mismatch(std::string_view expected, std::string_view reason = {}) const;

 private:
  Cursor(const Value& value, const Cursor& parent, std::string_view key, std::size_t index)
      : value_(value), problems_(parent.problems_), parent_(&parent), key_(key), index_(index) {}

  const Value& value_;
  Problems& problems_;
  const Cursor* parent_ = nullptr;
  std::string_view key_;  // data() is null for an item of a list
  std::size_t index_ = 0;
};

struct WriteContext {
  // Paths are written relative to this folder; as they are when it is empty.
  std::filesystem::path base_directory;
};

// Collects the definitions that several members share: "#/$defs/duration".
class SchemaBuilder {
 public:
  Value reference(std::string_view name, const Value& definition);

  const Value& definitions() const { return definitions_; }

 private:
  Value definitions_{Value::Object{}};
};

// A struct without its type.
struct ErasedObject {
  void* object = nullptr;
  void (*describe)(Visitor&, void*) = nullptr;
};

// Keys that start with "//" are comments; files that must be plain JSON use them.
bool is_comment_key(std::string_view key);

// Reading. Each reports what is wrong and then returns nothing.
std::optional<std::int64_t> read_signed(const Cursor& from, std::int64_t min, std::int64_t max,
                                        const Rules& rules);
std::optional<std::uint64_t> read_unsigned(const Cursor& from, std::uint64_t max,
                                           const Rules& rules);
std::optional<std::size_t> read_name(const Cursor& from, std::span<const std::string_view> names,
                                     const Rules& rules);
const Value::List* read_list(const Cursor& from, const Rules& rules);
const Value::Object* read_map(const Cursor& from, const Rules& rules);
void read_object(const Cursor& from, const ErasedObject& object);
// {"name": {...}}: the index of the only key among the names, and the value below it.
std::optional<std::size_t> read_only_key(const Cursor& from,
                                         std::span<const std::string_view> names);
// True if `amount` (in the unit of Bound::value) keeps the rules; `least` is the type's own
// minimum, which a rule overrides.
bool is_in_range(const Cursor& from, long double amount, const Rules& rules,
                 const std::optional<Bound>& least = std::nullopt);

Value write_object(const ErasedObject& object, const WriteContext& context);

// What is left of the rules for the items of a list or the values of a map.
Rules rules_of_items(const Rules& rules);

// Schemas.
Value integer_schema(bool is_unsigned, const Rules& rules);
Value names_schema(std::span<const std::string_view> names);
Value object_schema(const ErasedObject& object, SchemaBuilder& builder);
Value nullable_schema(Value schema);
Value list_schema(Value items, const Rules& rules);
Value map_schema(Value items, const Rules& rules);
Value one_key_schema(std::span<const std::string_view> names, Value::List bodies);

}  // namespace casim::config
