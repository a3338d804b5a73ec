// Several results on one page: every number is one of their summaries, and a browser shows it.
#include <iostream>

#include "tests/catch.h"
#include "tests/report/browser.h"
#include "tests/report/data_cells.h"
#include "tests/report/program.h"

using namespace casim::sim;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// Of a path without names that have dots.
const json& value_at(const json& summary, const std::string& path) {
  const json* value = &summary;
  std::stringstream steps(path);
  for (std::string step; std::getline(steps, step, '.');) value = &value->at(step);
  return *value;
}

void run(const ProgramFolder& folder, const std::string& name, const std::string& options) {
  REQUIRE(ProgramFolder::run("run scenarios/first-burst.json --quiet --no-report " + options +
                             " --out " + (folder / name).string()) <= 1);
}

json summary_in(const fs::path& result) { return json::parse(read_file(result / "summary.json")); }

}  // namespace

TEST_CASE("every number of a capacity report is one of the results", "[report]") {
  const ProgramFolder folder("capacity_page_test");
  run(folder, "x1", "");
  run(folder, "x4", "--set workloads.web.count=1600 --set node_groups.general.max=200");
  const fs::path page = folder / "capacity.html";
  REQUIRE(ProgramFolder::run("report x1=" + (folder / "x1").string() +
                             " x4=" + (folder / "x4").string() + " -o " + page.string()) == 0);
  const std::vector<json> summaries = {summary_in(folder / "x1"), summary_in(folder / "x4")};
  const auto cells = data_cells(read_file(page));
  CHECK(cells.size() > 60);
  for (const DataCell& cell : cells) {
    CAPTURE(cell.attributes, cell.text);
    const auto of = std::stoul(cell.attributes.at("data-of"));
    const json& value = value_at(summaries.at(of), cell.attributes.at("data-path"));
    CHECK(json::parse(cell.attributes.at("value")).get<double>() == value.get<double>());
  }
  const std::string text = read_file(page);
  CHECK(text.find("workloads.web.count") != std::string::npos);
  CHECK(text.find("x4, against x1: 4 times the pods") != std::string::npos);

  const auto program = Browser::find();
  if (!program) {
    std::cout << "not shown: there is no chromium\n";
    return;
  }
  Browser browser(*program, folder / "profile");
  for (const int width : {1280, 390}) {
    browser.set_width(width, 900);
    browser.open(page);
    CHECK(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"));
    CHECK(browser.complaints().empty());
    CHECK(browser.requests().empty());
  }
}

TEST_CASE("results under several seeds are means, with how sure they are", "[report]") {
  const ProgramFolder folder("capacity_runs_test");
  run(folder, "runs", "--runs 6");
  const fs::path page = folder / "capacity.html";
  REQUIRE(ProgramFolder::run("report " + (folder / "runs").string() + " -o " + page.string()) == 0);
  double usd = 0;
  for (int seed = 1; seed <= 6; ++seed) {
    usd += summary_in(folder / "runs" / std::to_string(seed)).at("cost").at("usd").get<double>();
  }
  bool has_cost = false;
  for (const DataCell& cell : data_cells(read_file(page))) {
    if (cell.attributes.at("data-path") != "cost.usd") continue;
    has_cost = true;
    CHECK(std::stod(cell.attributes.at("value")) == Approx(usd / 6));
  }
  CHECK(has_cost);
  CHECK(read_file(page).find("class=\"range\"") != std::string::npos);
}
