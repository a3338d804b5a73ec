// casim requirements: what a result says of the EC2 API.
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/cli/shell.h"

namespace casim::test {

TEST_CASE("requirements lists each path of a folder of results", "[cli]") {
  const Shell shell;
  const std::string out = (shell / "r").string();
  REQUIRE(shell.run("run " + kBurst + " --paths direct,crossplane -q --out " + out).exit_code <= 1);
  const Output text = shell.run("requirements " + out);
  CAPTURE(text.err);
  CHECK(text.exit_code == 0);
  CHECK(text.err.empty());  // the replay is the run
  CHECK(says(text.out, "for the path direct (first-burst, seed 1)"));
  CHECK(says(text.out, "for the path crossplane (first-burst, seed 1)"));
  const Output markdown = shell.run("requirements " + out + "/direct --markdown");
  CHECK(says(markdown.out, "| RunInstances | ClientToken | all |"));
  const Output json = shell.run("requirements " + out + "/direct " + out + "/crossplane --json");
  const auto list = nlohmann::json::parse(json.out);
  CHECK(list.at(0).at("path") == "direct");
  CHECK(list.at(1).at("path") == "crossplane");
}

TEST_CASE("a report says what EC2 must satisfy, run and made again", "[cli]") {
  const Shell shell;
  const std::string out = (shell / "r").string();
  REQUIRE(shell.run("run " + kBurst + " -q --out " + out).exit_code <= 1);
  const std::string page = Shell::read(fs::path(out) / "report.html");
  CHECK(says(page, "What EC2's API must satisfy for the path direct (first-burst, seed 1)"));
  CHECK(says(page, "<h3>Idempotency, and what happens without a client token</h3>"));
  CHECK(says(page, "<li><i>seen</i>: No slot had two machines at a time.</li>"));
  const std::string text = shell.run("requirements " + out + " --markdown").out;
  const std::string statement = "A token was sent again";
  CHECK(says(page, statement) == says(text, statement));
  REQUIRE(shell.run("report " + out + " -o " + out + "/again.html").exit_code == 0);
  CHECK(says(Shell::read(fs::path(out) / "again.html"), "must satisfy for the path direct"));
}

TEST_CASE("requirements refuses what is no result of this casim", "[cli]") {
  const Shell shell;
  const std::string out = (shell / "r").string();
  REQUIRE(shell.run("run " + kBurst + " -q --out " + out).exit_code <= 1);
  const auto refused = [&](const std::string& arguments, const std::string& part) {
    const Output said = shell.run("requirements " + arguments);
    CAPTURE(arguments, said.err);
    CHECK(said.exit_code == 2);
    CHECK(said.out.empty());
    CHECK(says(said.err, part));
  };
  refused("", "requirements needs the folder of a result");
  refused((shell / "nothing").string(), "there is no such folder");
  refused("scenarios", "is no result of casim");
  refused(out + " --json --markdown", "contradict each other");
  refused(out + " --markdwon", "did you mean");
  const fs::path file = fs::path(out) / "summary.json";
  auto summary = nlohmann::ordered_json::parse(Shell::read(file));
  summary["version"] = "0.0.1";
  std::ofstream(file) << summary.dump(2);
  refused(out, "is of version 0.0.1 of casim's results");
}

}  // namespace casim::test
