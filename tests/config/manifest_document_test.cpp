// Manifests as Kubernetes' clients read them: several documents, YAML 1.1 scalars, merge keys.
#include <fmt/format.h>

#include "src/config/manifest_document.h"
#include "tests/catch.h"

namespace casim::config {
namespace {

std::string json_of(std::string_view yaml, Problems& problems) {
  const auto documents = parse_manifest(yaml, Format::kYaml, {"x.yaml", ""}, problems);
  if (!documents) return "unreadable";
  std::string text;
  for (const Document& document : *documents) {
    text += (text.empty() ? "" : " ") + to_json(document.root(), -1);
  }
  return text;
}

TEST_CASE("scalars are those of sigs.k8s.io/yaml", "[config]") {
  struct Row {
    const char* yaml;
    const char* json;
  };

  const auto row = GENERATE(values<Row>({
      {"yes", "true"},
      {"On", "true"},
      {"y", "true"},
      {"NO", "false"},
      {"off", "false"},
      {"tRue", "\"tRue\""},
      {"'yes'", "\"yes\""},
      {"\"1\"", "\"1\""},
      {"1", "1"},
      {"+1", "1"},
      {"-0x10", "-16"},
      {"0644", "420"},
      {"0o17", "15"},
      {"0b101", "5"},
      {"1_000", "1000"},
      {"08", "8.0"},
      {"1.", "1.0"},
      {".5", "0.5"},
      {"+1.5e3", "1500.0"},
      {"500m", "\"500m\""},
      {"1Gi", "\"1Gi\""},
      {"1:30", "\"1:30\""},
      {"1.2.3", "\"1.2.3\""},
      {".inf", "\".inf\""},
      {"1e999", "\"1e999\""},
      {"~", "null"},
      {"Null", "null"},
      {"2026-01-05", "\"2026-01-05\""},
      {"-9223372036854775808", "-9223372036854775808"},
      {"18446744073709551615", "18446744073709551615"},
  }));
  CAPTURE(row.yaml);
  Problems problems;
  CHECK(json_of(fmt::format("a: {}", row.yaml), problems) == fmt::format("{{\"a\":{}}}", row.json));
  CHECK(problems.text().empty());
}

TEST_CASE("a file has any number of documents, empty ones left out", "[config]") {
  Problems problems;
  CHECK(json_of("---\na: 1\n---\n# nothing\n---\n\n---\nb: &x 2\nc: *x\n...\n", problems) ==
        R"({"a":1} {"b":2,"c":2})");
  CHECK(json_of("", problems).empty());
  CHECK(problems.text().empty());
}

TEST_CASE("merge keys put in what is not said, the first source first", "[config]") {
  Problems problems;
  CHECK(json_of("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 0}\nw: {<<: *x}\n",
                problems) ==
        R"({"x":{"a":1,"b":1},"y":{"b":2,"c":2},"z":{"a":0,"b":1,"c":2},"w":{"a":1,"b":1}})");
  CHECK(problems.text().empty());
}

TEST_CASE("lines count on over documents, and the limits hold for all of them", "[config]") {
  Problems problems;
  const auto documents =
      parse_manifest("a: 1\n---\nb:\n- c: 2\n", Format::kYaml, {"x.yaml", ""}, problems);
  REQUIRE(documents);
  CHECK((*documents)[1].find("b[0].c")->line() == 4);
  CHECK(json_of("a: 1\n---\nb: *gone\n", problems) == "unreadable");
  CHECK(problems.text().starts_with("x.yaml:3:"));
  Problems too_many;
  CHECK_FALSE(parse_manifest("[1, 2]\n---\n[3, 4]\n", Format::kYaml, {"x.yaml", ""}, too_many,
                             {.bytes = kMaxBytes, .values = 5}));
  CHECK(too_many.text() == "x.yaml:3: [1]: more than 5 values\n");
}

}  // namespace
}  // namespace casim::config
