#include "src/config/document.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "tests/catch.h"

namespace casim::config {
namespace {

std::optional<Document> parse(std::string_view text, Problems& problems,
                              Format format = Format::kJson) {
  const char* name = format == Format::kYaml ? "x.yaml" : "x.json";
  return parse_text(text, format, {name, ""}, problems);
}

std::string problems_of(std::string_view text, Format format = Format::kJson) {
  Problems problems;
  parse(text, problems, format);
  return problems.text();
}

std::string repeated(std::string_view part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

TEST_CASE("values remember their line", "[config]") {
  Problems problems;
  const auto document =
      parse("{\n \"a\": 1,\n // why\n \"b\": [true,\n  {\"c\": 2.5\n}]}", problems);
  REQUIRE(problems.empty());
  REQUIRE(document.has_value());
  CHECK(document->find("a")->line() == 2);
  CHECK(document->find("b")->line() == 4);
  CHECK(document->find("b[0]")->line() == 4);
  CHECK(document->find("b[1].c")->line() == 5);
  CHECK(document->find("b[2]") == nullptr);
  CHECK(document->find("a.b") == nullptr);
  CHECK(document->find("")->as_object()->size() == 2);
}

TEST_CASE("both kinds of comments are read over", "[config]") {
  CHECK(problems_of("{ /* one\n two */ \"a\": 1 // three\n}").empty());
}

TEST_CASE("a key that stands twice is an error, in both syntaxes", "[config]") {
  CHECK(problems_of("{\n\"a\": {\"b\": 1,\n\"b\": 2}, \"c\": [{\"d\":1,\"d\":2}]}") ==
        "x.json:3: a.b: duplicate key\nx.json:3: c[0].d: duplicate key\n");
  CHECK(problems_of("a:\n  b: 1\n  b: 2\n", Format::kYaml) == "x.yaml:3: a.b: duplicate key\n");
}

TEST_CASE("a text that breaks off names line and column", "[config]") {
  CHECK(problems_of("{\n  \"a\": [1,\n  2") ==
        "x.json:3:3: a[2]: syntax error while parsing array - unexpected end of input; "
        "expected ']'\n");
  CHECK(problems_of("") == "x.json:1: the document is empty\n");
  CHECK(problems_of("{\"a\": 1} x").starts_with("x.json:1:10: syntax error"));
  CHECK(problems_of("{\"a\": 1e999}") == "x.json:1:12: a: number overflow parsing '1e999'\n");
  CHECK(problems_of("{\"a\": \"\xff\"}").starts_with("x.json:1:8: a: syntax error"));
  CHECK(problems_of("a: [1, 2", Format::kYaml) ==
        "x.yaml:1:9: a[2]: end of sequence flow not found\n");
}

TEST_CASE("a file that cannot be read is named", "[config]") {
  Problems problems;
  CHECK_FALSE(load_file("/nowhere/x.json", problems).has_value());
  CHECK_FALSE(load_file("/", problems).has_value());
  CHECK(problems.text() ==
        "/nowhere/x.json: cannot be read: No such file or directory\n"
        "/: cannot be read: it is a folder\n");
}

TEST_CASE("a file is read by the syntax that its name tells", "[config]") {
  const auto folder = std::filesystem::temp_directory_path();
  const auto file = folder / fmt::format("casim_document_test_{}.yml", std::size_t{42});
  std::ofstream(file) << "a: [1, two]\n";
  Problems problems;
  const auto document = load_file(file, problems);
  std::filesystem::remove(file);
  REQUIRE(problems.text().empty());
  REQUIRE(document.has_value());
  CHECK(*document->find("a[1]")->as_string() == "two");
  CHECK(document->root().origin()->base_directory == folder);
}

TEST_CASE("YAML gives the same values as JSON", "[config]") {
  struct Row {
    const char* yaml;
    const char* json;
  };

  const auto row = GENERATE(values<Row>({
      {"a: 1", R"({"a": 1})"},
      {"a: -1.5e3", R"({"a": -1.5e3})"},
      {"a: '1'", R"({"a": "1"})"},
      {"a: \"true\"", R"({"a": "true"})"},
      {"a: true\nb: false", R"({"a": true, "b": false})"},
      {"a: null\nb: ~\nc:", R"({"a": null, "b": null, "c": null})"},
      {"a: yes", R"({"a": "yes"})"},
      {"a: 0123", R"({"a": "0123"})"},
      {"a: 0x10", R"({"a": "0x10"})"},
      {"a: .5", R"({"a": ".5"})"},
      {"a: 1.", R"({"a": "1."})"},
      {"a: .inf", R"({"a": ".inf"})"},
      {"a: 1e999", R"({"a": "1e999"})"},
      {"a: 18446744073709551615", R"({"a": 18446744073709551615})"},
      {"a: 90s", R"({"a": "90s"})"},
      {"a: 2026-01-05T00:00:00Z", R"({"a": "2026-01-05T00:00:00Z"})"},
      {"a: !!str 5", R"({"a": "5"})"},
      {"a:\n- b: 1\n- [x, {y: z}]", R"({"a": [{"b": 1}, ["x", {"y": "z"}]]})"},
      {"a: &x {b: 1}\nc: *x", R"({"a": {"b": 1}, "c": {"b": 1}})"},
      {"# why\na: |\n  two\n  lines\n", R"({"a": "two\nlines\n"})"},
      {"---\na: 1\n...\n", R"({"a": 1})"},
  }));
  CAPTURE(row.yaml);
  Problems problems;
  const auto yaml = parse(row.yaml, problems, Format::kYaml);
  const auto json = parse(row.json, problems);
  CHECK(problems.text().empty());
  REQUIRE(yaml.has_value());
  CHECK(to_json(yaml->root()) == to_json(json->root()));
  CHECK(yaml->root() == json->root());
}

TEST_CASE("YAML that JSON cannot say is refused", "[config]") {
  struct Row {
    const char* text;
    const char* expected;
  };

  const auto row = GENERATE(values<Row>({
      {"", "x.yaml:1: the document is empty\n"},
      {"a: 1\n---\nb: 2\n", "x.yaml: more than one document in the file\n"},
      {"[a]: 1", "x.yaml:1:1: a key must be plain text\n"},
      {"? {a: 1}\n: 2", "x.yaml:1:3: a key must be plain text\n"},
      {"~: 1", "x.yaml:1:1: a key must be plain text\n"},
      {"a: &x [1, *x]", "x.yaml:1:11: a[1]: the alias stands inside of what it names\n"},
      {"a: !python 1", "x.yaml:1:4: a: the tag \"!python\" is not known here\n"},
  }));
  CAPTURE(row.text);
  CHECK(problems_of(row.text, Format::kYaml) == row.expected);
}

TEST_CASE("depth is limited", "[config]") {
  CHECK(problems_of(repeated("[", 64) + repeated("]", 64)).empty());
  CHECK(problems_of(repeated("[", 65)).ends_with(": nested more than 64 deep\n"));
  CHECK(problems_of(repeated("[", 1'000'000)).ends_with(": nested more than 64 deep\n"));
  CHECK(problems_of(repeated("{\"a\":", 1'000'000)).ends_with(": nested more than 64 deep\n"));
  CHECK(problems_of(repeated("[", 65) + repeated("]", 65), Format::kYaml)
            .ends_with(": nested more than 64 deep\n"));
  CHECK_FALSE(problems_of(repeated("- ", 100'000), Format::kYaml).empty());
}

TEST_CASE("aliases that multiply are stopped", "[config]") {
  std::string wide = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1]\n";
  std::string deep = "b0: &b0 []\n";
  for (int i = 1; i < 100; ++i) {
    wide += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
    deep += fmt::format("b{0}: &b{0} [*b{1}]\n", i, i - 1);
  }
  CHECK(problems_of(wide, Format::kYaml).ends_with(": more than 500000 values\n"));
  CHECK(problems_of(deep, Format::kYaml).ends_with(": nested more than 64 deep\n"));
}

TEST_CASE("values are written as JSON", "[config]") {
  Value value;
  value.set("name", "a \"b\"\n");
  value.set("list", Value::List{1, 2.5, true, Value(), std::uint64_t{18446744073709551615U}});
  CHECK(to_json(value, -1) ==
        R"({"name":"a \"b\"\n","list":[1,2.5,true,null,18446744073709551615]})");
  CHECK(to_json(Value("\xff"), -1) == "\"\ufffd\"");
  value.set("name", 3);
  CHECK(value.as_object()->size() == 2);
}

}  // namespace
}  // namespace casim::config
