#include "src/config/value.h"

#include <cassert>
#include <cmath>

namespace casim::config {
namespace {

// Doubles hold every whole number up to here.
constexpr double kExactDouble = 9007199254740992.0;

bool is_whole(double number) {
  return std::abs(number) <= kExactDouble && std::trunc(number) == number;
}

}  // namespace

Value::Value(bool b) : data_(b) {}

Value::Value(double number) : data_(number) {}

Value::Value(std::string text) : data_(std::move(text)) {}

Value::Value(std::string_view text) : data_(std::string(text)) {}

Value::Value(const char* text) : data_(std::string(text)) {}

Value::Value(List items) : data_(std::move(items)) {}

Value::Value(Object entries) : data_(std::move(entries)) {}

Value::Kind Value::kind() const {
  static constexpr Kind kinds[] = {Kind::kNull,   Kind::kBool,   Kind::kInteger, Kind::kInteger,
                                   Kind::kNumber, Kind::kString, Kind::kList,    Kind::kObject};
  static_assert(std::size(kinds) == std::variant_size_v<decltype(data_)>);
  return kinds[data_.index()];
}

std::optional<std::int64_t> Value::as_int64() const {
  if (const auto* n = std::get_if<std::int64_t>(&data_)) return *n;
  if (const auto* n = std::get_if<double>(&data_); n != nullptr && is_whole(*n)) {
    return static_cast<std::int64_t>(*n);
  }
  return std::nullopt;
}

std::optional<std::uint64_t> Value::as_uint64() const {
  if (const auto* n = std::get_if<std::uint64_t>(&data_)) return *n;
  const auto n = as_int64();
  if (n && *n >= 0) return static_cast<std::uint64_t>(*n);
  return std::nullopt;
}

std::optional<double> Value::as_double() const {
  if (const auto* n = std::get_if<double>(&data_)) return *n;
  if (const auto* n = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*n);
  if (const auto* n = std::get_if<std::uint64_t>(&data_)) return static_cast<double>(*n);
  return std::nullopt;
}

const Value* Value::find(std::string_view key) const {
  const Object* entries = as_object();
  if (entries == nullptr) return nullptr;
  for (const Entry& entry : *entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view key) {
  return const_cast<Value*>(std::as_const(*this).find(key));
}

Value& Value::set(std::string_view key, Value value) {
  if (is_null()) data_ = Object{};
  if (Value* old = find(key)) {
    *old = std::move(value);
    return *old;
  }
  Object* entries = as_object();
  assert(entries != nullptr);
  entries->push_back({std::string(key), std::move(value)});
  return entries->back().value;
}

void Value::set_position(std::shared_ptr<const Origin> origin, int line) {
  origin_ = std::move(origin);
  line_ = line;
}

void Value::set_position_deep(const std::shared_ptr<const Origin>& origin, int line) {
  set_position(origin, line);
  if (List* items = as_list()) {
    for (Value& item : *items) item.set_position_deep(origin, line);
  }
  if (Object* entries = as_object()) {
    for (Entry& entry : *entries) entry.value.set_position_deep(origin, line);
  }
}

bool Value::operator==(const Value& other) const { return data_ == other.data_; }

}  // namespace casim::config
