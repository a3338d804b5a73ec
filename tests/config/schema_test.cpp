// The JSON Schema that editors complete scenarios with.
#include <regex>

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/config/sample.h"

namespace casim::sample {
namespace {

using Json = nlohmann::json;

Json schema() {
  return Json::parse(config::to_json(config::schema<Settings>("sample", "A sample.")));
}

TEST_CASE("the schema lists every member with its description", "[config]") {
  const Json s = schema();
  CHECK(s["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(s["title"] == "sample");
  CHECK(s["additionalProperties"] == false);
  const Json written = Json::parse(config::to_json(config::write(Settings{})));
  for (const auto& [name, value] : written.items()) {
    CAPTURE(name);
    REQUIRE(s["properties"].contains(name));
    CHECK(s["properties"][name].contains("description"));
  }
  CHECK(s["properties"].size() == written.size() + 1);  // and $schema
}

TEST_CASE("the schema knows types, defaults, bounds and names", "[config]") {
  const Json p = schema()["properties"];
  CHECK(p["share"] == Json::parse(R"({"type": "number", "minimum": 0, "maximum": 1,
    "description": "share of Spot", "default": 0.5})"));
  CHECK(p["seed"]["minimum"] == 0);
  CHECK(p["duration"] == Json::parse(R"({"$ref": "#/$defs/duration",
    "description": "length of the run. At least 1s.", "default": "1h"})"));
  CHECK(p["warmup"]["anyOf"][1]["type"] == "null");
  const Json group = p["groups"]["items"];
  CHECK(group["required"] == Json::parse(R"(["name"])"));
  CHECK(group["properties"]["colors"]["items"]["enum"] == Json::parse(R"(["red", "green"])"));
  CHECK(group["properties"]["colors"]["minItems"] == 1);
  CHECK(group["properties"]["colors"]["default"] == Json::parse(R"(["red"])"));
  CHECK(group["properties"]["labels"]["additionalProperties"]["type"] == "string");
}

TEST_CASE("the schema offers the members of all alternatives", "[config]") {
  const Json workload = schema()["properties"]["workloads"]["items"];
  for (const char* name : {"name", "kind", "replicas", "pods", "length", "requests"}) {
    CAPTURE(name);
    CHECK(workload["properties"].contains(name));
  }
  CHECK(workload["required"] == Json::parse(R"(["name"])"));
  CHECK(workload["properties"]["kind"]["default"] == "deployment");
  CHECK(workload["allOf"][0]["if"]["properties"]["kind"]["const"] == "job");
  CHECK(workload["allOf"][0]["then"]["required"] == Json::parse(R"(["pods"])"));
}

TEST_CASE("the schema of a distribution offers each family alone", "[config]") {
  const Json families = schema()["$defs"]["distribution"]["anyOf"][2];
  CHECK(families["oneOf"].size() == 9);
  CHECK(families["properties"].contains("lognormal"));
}

TEST_CASE("every reference of the schema leads somewhere", "[config]") {
  const Json s = schema();
  const Json flat = s.flatten();
  int references = 0;
  for (const auto& [pointer, target] : flat.items()) {
    if (!pointer.ends_with("/$ref")) continue;
    ++references;
    CAPTURE(target);
    CHECK(s.contains(Json::json_pointer(target.get<std::string>().substr(1))));
  }
  CHECK(references > 10);
}

TEST_CASE("the patterns of the schema agree with the reader", "[config]") {
  struct Row {
    const char* definition;
    const char* text;
    bool valid;
  };

  const auto row = GENERATE(values<Row>({
      {"duration", "1h30m", true},
      {"duration", "1.5s", true},
      {"duration", "0", true},
      {"duration", "90", false},
      {"duration", "", false},
      {"quantity", "500m", true},
      {"quantity", "16Gi", true},
      {"quantity", "1e3", true},
      {"quantity", "1ki", false},
      {"time", "2026-01-05T00:00:00Z", true},
      {"time", "2026-01-05T00:00:00.5+01:00", true},
      {"time", "2026-01-05", false},
  }));
  CAPTURE(row.definition, row.text);
  const std::string pattern = schema()["$defs"][row.definition]["pattern"];
  CHECK(std::regex_search(row.text, std::regex(pattern)) == row.valid);
}

}  // namespace
}  // namespace casim::sample
