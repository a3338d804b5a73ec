// summary.json against the schema that casim prints for it. The checker knows the keywords that the
// schema uses, and no more.
#include "sim/report/result_schema.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "sim/report/summary_json.h"
#include "tests/catch.h"
#include "tests/report/eventful_run.h"

using namespace casim::sim;
using nlohmann::json;

namespace {

bool is_of_type(const json& value, const std::string& type) {
  if (type == "null") return value.is_null();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  FAIL("the schema has an unknown type: " << type);
  return false;
}

bool is_of_one_type(const json& value, const json& types) {
  if (types.is_string()) return is_of_type(value, types.get<std::string>());
  return std::any_of(types.begin(), types.end(),
                     [&](const json& type) { return is_of_type(value, type.get<std::string>()); });
}

using Problems = std::vector<std::string>;

void check(const json& schema, const json& value, const std::string& path, Problems& problems) {
  if (!is_of_one_type(value, schema.at("type"))) {
    problems.push_back(path + ": has another type");
    return;
  }
  if (value.is_array()) {
    for (const json& item : value) check(schema.at("items"), item, path + "[]", problems);
  }
  if (!value.is_object()) return;
  const json properties = schema.value("properties", json::object());
  for (const auto& [key, member] : value.items()) {
    const std::string at = path + "." + key;
    if (properties.contains(key)) {
      check(properties.at(key), member, at, problems);
    } else if (schema.at("additionalProperties").is_object()) {
      check(schema.at("additionalProperties"), member, at, problems);
    } else {
      problems.push_back(at + ": is not in the schema");
    }
  }
  for (const auto& [key, ignored] : properties.items()) {
    if (!value.contains(key)) problems.push_back(path + "." + key + ": is missing");
  }
  CHECK(schema.value("required", json::array()).size() == properties.size());
}

Problems problems_of(const json& summary) {
  Problems problems;
  check(json::parse(result_schema()), summary, "", problems);
  return problems;
}

// The schemas of single values below a schema, by path.
void collect_leaves(const json& schema, const std::string& path,
                    std::map<std::string, json>& leaves) {
  if (schema.contains("x-better")) leaves[path] = schema;
  const json properties = schema.value("properties", json::object());
  for (const auto& [key, member] : properties.items()) {
    collect_leaves(member, path + "/" + key, leaves);
  }
  for (const char* many : {"items", "additionalProperties"}) {
    if (schema.contains(many) && schema.at(many).is_object()) {
      collect_leaves(schema.at(many), path + "/*", leaves);
    }
  }
}

}  // namespace

TEST_CASE("a summary has the keys of the result schema with their types, and no others",
          "[report]") {
  CHECK(problems_of(json::parse(to_json(eventful_run()))) == Problems{});
  CHECK(problems_of(json::parse(to_json(Summary{}))) == Problems{});
}

TEST_CASE("the result schema refuses a key too many, one too few, and another type", "[report]") {
  const json good = json::parse(to_json(eventful_run()));
  json more = good;
  more["pods"]["borrowed"] = 1;
  CHECK(problems_of(more) == Problems{".pods.borrowed: is not in the schema"});
  json less = good;
  less["scale_up_latency"]["stages"]["boot"].erase("p99");
  CHECK(problems_of(less) == Problems{".scale_up_latency.stages.boot.p99: is missing"});
  json other = good;
  other["ec2"]["calls"]["RunInstances"]["ok"] = "many";
  other["pods"]["unfit"][0]["reason"] = nullptr;
  CHECK(problems_of(other) == Problems{".ec2.calls.RunInstances.ok: has another type",
                                       ".pods.unfit[].reason: has another type"});
}

TEST_CASE("the result schema says what each value means, and the unit of all that are measured",
          "[report]") {
  std::map<std::string, json> leaves;
  collect_leaves(json::parse(result_schema()), "", leaves);
  CHECK(leaves.size() > 100);
  std::vector<std::string> bare_numbers;
  for (const auto& [path, leaf] : leaves) {
    CAPTURE(path);
    CHECK_FALSE(leaf.at("description").get<std::string>().empty());
    if (is_of_one_type(1, leaf.at("type")) && !leaf.contains("x-unit")) {
      bare_numbers.push_back(path);
    }
  }
  CHECK(bare_numbers == std::vector<std::string>{"/schema_version", "/seed"});
}

TEST_CASE("a summary value that is better lower or higher says so in the schema", "[report]") {
  const json schema = json::parse(result_schema());
  const auto better = [&](const char* pointer) {
    return schema.at(json::json_pointer(pointer)).at("x-better").get<std::string>();
  };
  CHECK(better("/properties/pods/properties/unserved") == "lower");
  CHECK(better("/properties/pods/properties/rows_run") == "higher");
  CHECK(better("/properties/pods/properties/created") == "neither");
  CHECK(better("/properties/scale_up_latency/properties/total/properties/p99") == "lower");
}
