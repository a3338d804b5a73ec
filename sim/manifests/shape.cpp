#include "sim/manifests/shape.h"

#include <algorithm>

#include "src/config/names.h"

namespace casim::sim {
namespace {

using config::Value;

class Taker {
 public:
  Taker(const KubeObject& object, ManifestNotes& notes) : object_(object), notes_(notes) {}

  Value take(const Value& from, const Shape& shape, const std::string& path) {
    if (const auto* items = from.as_list()) return take_items(from, *items, shape, path);
    const auto* entries = from.as_object();
    if (entries == nullptr) return from;
    Value out{Value::Object{}};
    for (const auto& [key, value] : *entries) {
      if (value.is_null()) continue;
      const std::string place = path.empty() ? key : path + "." + key;
      const auto taken = std::ranges::find(shape.taken, key, &Shape::Field::name);
      if (taken == shape.taken.end()) {
        leave_out(value, shape, key, place);
      } else {
        out.set(key, taken->shape == nullptr ? value : take(value, *taken->shape, place));
      }
    }
    stand_at(out, from);
    return out;
  }

 private:
  Value take_items(const Value& from, const Value::List& items, const Shape& shape,
                   const std::string& path) {
    Value::List out;
    for (const Value& item : items) out.push_back(take(item, shape, path + "[]"));
    Value list(std::move(out));
    stand_at(list, from);
    return list;
  }

  void leave_out(const Value& value, const Shape& shape, const std::string& key,
                 const std::string& place) {
    if (std::ranges::find(shape.apart, key) != shape.apart.end()) return;
    if (std::ranges::find(shape.nothing, key) != shape.nothing.end()) {
      return notes_.leave_out_field(place);
    }
    std::vector<std::string_view> known(shape.nothing);
    known.insert(known.end(), shape.apart.begin(), shape.apart.end());
    for (const Shape::Field& field : shape.taken) known.push_back(field.name);
    const auto nearest =
        config::nearest_name(key, std::span<const std::string_view>(known)).value_or("");
    notes_.unknown_field(object_, value, place, nearest);
  }

  const KubeObject& object_;
  ManifestNotes& notes_;
};

}  // namespace

Value take(const KubeObject& object, const Value& from, const Shape& shape, const std::string& path,
           ManifestNotes& notes) {
  return Taker(object, notes).take(from, shape, path);
}

void note_rest(const KubeObject& object, const Value& from, const Shape& shape,
               const std::string& path, ManifestNotes& notes) {
  static_cast<void>(take(object, from, shape, path, notes));
}

}  // namespace casim::sim
