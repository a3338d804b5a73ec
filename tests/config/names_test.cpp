#include "src/config/names.h"

#include "tests/catch.h"

namespace casim::config {
namespace {

TEST_CASE("the nearest name is the one that was probably meant", "[config]") {
  struct Row {
    const char* word;
    std::optional<std::string> expected;
  };

  const std::vector<std::string> names{"min",           "max",      "node_groups",
                                       "scan-interval", "m5.large", "instance_types"};
  const auto row = GENERATE(values<Row>({
      {"mim", "min"},
      {"mni", "min"},  // a swap is one step
      {"MIN", "min"},
      {"maxx", "max"},
      {"node-groups", "node_groups"},
      {"nodegroups", "node_groups"},
      {"scan_intervall", "scan-interval"},
      {"m5.lagre", "m5.large"},
      {"instances", std::nullopt},
      {"Types", "instance_types"},  // its last part
      {"ups", std::nullopt},        // too short for that
      {"x", std::nullopt},
      {"", std::nullopt},
      {"completely_different", std::nullopt},
  }));
  CAPTURE(row.word);
  CHECK(nearest_name(row.word, names) == row.expected);
}

TEST_CASE("a very long word has no neighbour and costs nothing", "[config]") {
  const std::vector<std::string> names{std::string(1'000'000, 'a')};
  CHECK_FALSE(nearest_name(std::string(1'000'000, 'a'), names).has_value());
}

TEST_CASE("a suggestion names the nearest and lists the allowed", "[config]") {
  const std::vector<std::string_view> names{"min", "max"};
  CHECK(suggestion("mim", names) == "; did you mean \"min\"? allowed: min, max");
  CHECK(suggestion("zebra", names) == "; allowed: min, max");
  CHECK(suggestion("zebra", {}) == "; none is allowed here");
  std::vector<std::string> numbered;
  for (int i = 10; i < 90; ++i) numbered.push_back("m" + std::to_string(i));
  const std::vector<std::string_view> many(numbered.begin(), numbered.end());
  CHECK(suggestion("m7.large", many) ==
        "; allowed: m70, m71, m72, m73, m74, m75, m76, m77 and 72 more");
  CHECK(suggestion("zebra", many).starts_with("; allowed: m10, m11"));
}

TEST_CASE("paths have one spelling and are read back", "[config]") {
  struct Row {
    const char* typed;
    const char* written;
  };

  const auto row = GENERATE(values<Row>({
      {"node_groups[2].instance_types[0]", "node_groups[2].instance_types[0]"},
      {"a.0.b", "a.0.b"},
      {"a.\"x.y\".b", "a[\"x.y\"].b"},
      {"labels[\"example.com/pool\"]", "labels[\"example.com/pool\"]"},
      {"[3]", "[3]"},
      {"[\"\"]", "[\"\"]"},
      {"a[\"q\\\"uote\\x0a\"]", "a[\"q\\\"uote\\x0a\"]"},
      {"flags.scan-interval", "flags.scan-interval"},
  }));
  CAPTURE(row.typed);
  const auto path = parse_path(row.typed);
  REQUIRE(path.has_value());
  CHECK(to_string(*path) == row.written);
  CHECK(parse_path(row.written) == path);
}

TEST_CASE("a path that is none says why", "[config]") {
  struct Row {
    const char* typed;
    const char* reason;
  };

  const auto row = GENERATE(values<Row>({
      {"", "the path is empty"},
      {".a", "a name is missing between the dots"},
      {"a..b", "a name is missing between the dots"},
      {"a.", "a name is missing between the dots"},
      {"a[", "a number or a quoted name must follow ["},
      {"a[x]", "a number or a quoted name must follow ["},
      {"a[1", "a closing ] is missing"},
      {"a[99999999999999999999]", "a number or a quoted name must follow ["},
      {"a[\"x", "a closing quote is missing"},
      {"a[\"\\xg0\"]", "two hexadecimal digits must follow \\x"},
      {"a]b", "\".\" or \"[\" expected before \"]b\""},
  }));
  CAPTURE(row.typed);
  const auto path = parse_path(row.typed);
  REQUIRE_FALSE(path.has_value());
  CHECK(path.error() == row.reason);
}

}  // namespace
}  // namespace casim::config
