// Resources in Kubernetes' own keys: {"cpu": "500m", "memory": "1Gi", "nvidia.com/gpu": 1}. What
// is absent is zero.
#include <fmt/format.h>

#include "src/config/leaf_codecs.h"
#include "src/config/leaf_schema.h"
#include "src/config/names.h"

namespace casim::config {
namespace {

constexpr std::string_view kResources[] = {"cpu", "memory", "ephemeral-storage", "pods"};
constexpr std::string_view kCount = "a whole number such as 1";

void read_count(const Cursor& from, std::int64_t& out) {
  const auto number = from.value().as_int64();
  if (number && *number >= 0) {
    out = *number;
    return;
  }
  const std::string* text = from.value().as_string();
  if (text == nullptr) return from.mismatch(kCount);
  const auto count = parse_count(*text);
  if (!count) return from.mismatch(kCount, count.error());
  out = *count;
}

void read_resource(const Cursor& from, const std::string& name, Resources& out) {
  if (name == "cpu") return read_leaf(from, out.cpu, Rules{});
  if (name == "memory") return read_leaf(from, out.memory, Rules{});
  if (name == "ephemeral-storage") return read_leaf(from, out.ephemeral_storage, Rules{});
  if (name == "pods") return read_count(from, out.pods);
  // Extended resources have a domain.
  if (name.find('/') != std::string::npos) return read_count(from, out.extended[name]);
  from.error("unknown key" + suggestion(name, kResources) +
             ", or an extended resource (domain/name)");
}

}  // namespace

void read_leaf(const Cursor& from, Resources& out, const Rules& rules) {
  const Value::Object* entries = read_map(from, rules_of_items(rules));
  if (entries == nullptr) return;
  Resources result;
  for (const auto& [name, value] : *entries) {
    if (!is_comment_key(name)) read_resource(from.at(value, name), name, result);
  }
  out = std::move(result);
}

Value write_leaf(const Resources& in, const Rules&, const WriteContext&) {
  Value::Object entries{{"cpu", to_string(in.cpu)}, {"memory", to_string(in.memory)}};
  if (in.ephemeral_storage.value() > 0) {
    entries.push_back({"ephemeral-storage", to_string(in.ephemeral_storage)});
  }
  if (in.pods > 0) entries.push_back({"pods", in.pods});
  for (const auto& [name, count] : in.extended) entries.push_back({name, count});
  return Value(std::move(entries));
}

Value leaf_schema(std::type_identity<Resources>, const Rules&, SchemaBuilder& builder) {
  const Value quantity = quantity_schema(builder);
  const Value definition = make_object(
      {{"type", "object"},
       {"properties", make_object({{"cpu", quantity},
                                   {"memory", quantity},
                                   {"ephemeral-storage", quantity},
                                   {"pods", make_object({{"type", "integer"}, {"minimum", 0}})}})},
       {"patternProperties", make_object({{"^//", Value(Value::Object{})}, {"/", quantity}})},
       {"additionalProperties", false}});
  return builder.reference("resources", definition);
}

}  // namespace casim::config
