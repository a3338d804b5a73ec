#include "src/config/problems.h"

#include "src/config/document.h"
#include "tests/catch.h"

namespace casim::config {
namespace {

TEST_CASE("problems come in the order of the file", "[config]") {
  Problems problems;
  problems.add({Severity::kError, "x.json", 12, 0, "b", "second"});
  problems.add({Severity::kWarning, "--set a=1", 0, 0, "a", "last"});
  problems.add({Severity::kError, "x.json", 3, 7, "", "first"});
  CHECK(problems.text() ==
        "x.json:3:7: first\nx.json:12: b: second\n--set a=1: warning: a: last\n");
  CHECK(problems.error_count() == 2);
  CHECK(problems.has_errors());
}

TEST_CASE("warnings are no errors", "[config]") {
  Problems problems;
  problems.warning(Value(), "a", "odd");
  CHECK_FALSE(problems.has_errors());
  CHECK_FALSE(problems.empty());
}

TEST_CASE("a flood of problems is cut and counted", "[config]") {
  Problems problems;
  for (int i = 0; i < 5000; ++i) problems.error(Value(), "a", "bad");
  CHECK(problems.error_count() == 5000);
  CHECK(problems.text().ends_with("a: bad\nand 4900 more\n"));
}

TEST_CASE("a problem stays on its line, whatever the names hold", "[config]") {
  CHECK(to_string(Problem{Severity::kError, "a\nb", 0, 0, "", "\x1b[31m"}) == "a?b: ?[31m");
}

TEST_CASE("checks after reading point at the value or what is above it", "[config]") {
  Problems problems;
  const auto document =
      parse_text("{\"a\": [\n1,\n{\"b\": 2}]}", Format::kJson, {"x.json", ""}, problems);
  REQUIRE(document.has_value());
  document->error(problems, "a[1].b", "no such group");
  document->error(problems, "a[0].c", "absent");
  document->warning(problems, "zebra", "absent");
  CHECK(problems.text() ==
        "x.json:1: warning: zebra: absent\n"
        "x.json:2: a[0].c: absent\n"
        "x.json:3: a[1].b: no such group\n");
}

}  // namespace
}  // namespace casim::config
