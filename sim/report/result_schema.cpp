// Built from the table of summary values as a run without any facts has it.
#include "sim/report/result_schema.h"

#include <span>

#include "sim/metrics/collectors.h"
#include "sim/metrics/summary_path.h"

namespace casim::sim {
namespace {

using config::Value;

constexpr const char* kTitle = "casim result";
constexpr const char* kDescription =
    "summary.json of casim run. x-unit is the unit of a value (s: seconds), x-better says whether "
    "lower values are better, higher ones, or neither. Of the other files of a result, the columns "
    "of pods.csv are described in sim/report/pods_csv.h, the lines of events.jsonl.gz in "
    "sim/events/fact_log.h and sim/events/facts.h.";

const char* json_type(ValueType::Kind kind) {
  switch (kind) {
    case ValueType::Kind::kInteger:
      return "integer";
    case ValueType::Kind::kNumber:
      return "number";
    case ValueType::Kind::kText:
      return "string";
    case ValueType::Kind::kFlag:
      return "boolean";
  }
  return "";
}

Value type_or_null(const char* type, bool nullable) {
  if (!nullable) return type;
  return Value::List{type, "null"};
}

const char* name_of(Better better) {
  switch (better) {
    case Better::kNeither:
      return "neither";
    case Better::kLower:
      return "lower";
    case Better::kHigher:
      return "higher";
  }
  return "";
}

Value leaf_schema(const SummaryValue& row, bool nullable) {
  Value schema;
  schema.set("type", type_or_null(json_type(row.type.kind), nullable));
  schema.set("description", row.meaning);
  if (!row.type.unit.empty()) schema.set("x-unit", row.type.unit);
  schema.set("x-better", name_of(row.better));
  return schema;
}

Value& member(Value& object, std::string_view key) {
  Value* found = object.find(key);
  return found != nullptr ? *found : object.set(key, Value());
}

Value& property(Value& schema, const std::string& name) {
  if (schema.is_null()) {
    schema.set("type", "object");
    schema.set("properties", Value::Object{});
    schema.set("required", Value::List{});
    schema.set("additionalProperties", false);
  }
  Value& properties = *schema.find("properties");
  if (properties.find(name) == nullptr) schema.find("required")->as_list()->emplace_back(name);
  return member(properties, name);
}

Value& any_property(Value& schema, const std::string& name, bool nullable) {
  if (schema.is_null()) {
    schema.set("type", type_or_null("object", nullable));
    schema.set("propertyNames", Value()).set("title", name);
  }
  return member(schema, "additionalProperties");
}

Value& item(Value& schema) {
  if (schema.is_null()) schema.set("type", "array");
  return member(schema, "items");
}

// Adds the row to the schema of the place from which the steps lead to its value. Null in the place
// of values by name stands for all of them, so `nullable` goes to the first that the path meets.
void describe(Value& schema, std::span<const PathStep> steps, const SummaryValue& row,
              bool nullable) {
  if (steps.empty()) {
    schema = leaf_schema(row, nullable);
    return;
  }
  const std::string& name = steps.front().name;
  const auto rest = steps.subspan(1);
  switch (steps.front().kind) {
    case PathStep::Kind::kName:
      describe(property(schema, name), rest, row, nullable);
      return;
    case PathStep::Kind::kAnyName:
      describe(any_property(schema, name, nullable), rest, row, false);
      return;
    case PathStep::Kind::kEachItem:
      describe(item(schema), rest, row, nullable);
      return;
  }
}

}  // namespace

std::string result_schema() {
  const SummaryValues of_no_run = values_of(Summary{});
  Value values;
  for (const SummaryValue& row : of_no_run.rows()) {
    describe(values, steps_of(row.path), row, row.type.nullable);
  }
  Value schema;
  schema.set("$schema", "https://json-schema.org/draft/2020-12/schema");
  schema.set("title", kTitle);
  schema.set("description", kDescription);
  for (const auto& [key, value] : *values.as_object()) schema.set(key, value);
  return config::to_json(schema);
}

}  // namespace casim::sim
