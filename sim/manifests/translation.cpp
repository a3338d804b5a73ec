#include "sim/manifests/translation.h"

namespace casim::sim {

using config::Value;

Value make_item(const KubeObject& object, const char* kind) {
  Value item{Value::Object{}};
  stand_at(item, *object.value);
  item.set("name", object.name);
  if (kind != nullptr) item.set("kind", kind);
  return item;
}

void copy_members(const KubeObject& object, const std::vector<MemberName>& members, Value& item) {
  for (const MemberName& member : members) {
    const Value* value = value_at(*object.value, member.kubernetes);
    if (value != nullptr) item.set(member.scenario, *value);
  }
}

}  // namespace casim::sim
