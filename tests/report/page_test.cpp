// Every number of a report is one of summary.json, pods.csv or series.csv.
#include "tests/catch.h"
#include "tests/report/data_cells.h"
#include "tests/report/program.h"

using namespace casim::sim;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

void check_summary_cell(const DataCell& cell, const json& summary) {
  const json& value = summary.at(json::json_pointer(cell.attributes.at("data-path")));
  const std::string& written = cell.attributes.at("value");
  if (value.is_string()) {
    CHECK(written == value.get<std::string>());
    CHECK(cell.text == written);
    return;
  }
  CHECK(json::parse(written) == value);
  if (value.is_number()) {
    check_text(cell.text, value.get<double>());
  } else if (value.is_null()) {
    CHECK((cell.text == "never" || cell.text == "none"));
  } else {
    CHECK(cell.text == value.dump());
  }
}

using Rows = std::vector<std::map<std::string, std::string>>;

void check_series_cell(const DataCell& cell, const Rows& series) {
  const std::string& range = cell.attributes.at("data-rows");
  const std::size_t from = std::stoul(range);
  const std::size_t to = std::stoul(range.substr(range.find('-') + 1));
  const std::string& column = cell.attributes.at("data-column");
  double most = 0;
  double sum = 0;
  double weighted = 0;
  double length = 0;
  for (std::size_t row = from; row <= to; ++row) {
    const double value = std::stod(series.at(row).at(column));
    const double step = std::stod(series.at(row).at("step_s"));
    most = std::max(most, value);
    sum += value;
    weighted += value * step;
    length += step;
  }
  const double shown = std::stod(cell.text);
  if (column.ends_with("_max")) {
    CHECK(shown == most);
  } else if (column.starts_with("ec2_")) {
    CHECK(shown == sum);
  } else {
    CHECK(shown == Approx(weighted / length).margin(0.0056));  // two decimals of three
  }
}

struct Result {
  std::string page;
  json summary;
  Rows series;
  std::map<std::string, std::map<std::string, std::string>> pods;
};

Result make_result(const std::string& name, const ProgramFolder& folder) {
  const fs::path out = folder / name;
  REQUIRE(ProgramFolder::run("run scenarios/" + name + ".json --quiet --pods --out " +
                             out.string()) <= 1);
  Result result{read_file(out / "report.html"),
                json::parse(read_file(out / "summary.json")),
                read_csv(out / "series.csv"),
                {}};
  for (auto& row : read_csv(out / "pods.csv")) {
    const std::string pod = row["pod"];
    result.pods[pod] = std::move(row);
  }
  fs::remove_all(out);
  return result;
}

void check_cells(const Result& result) {
  std::map<std::string, int> kinds;
  for (const DataCell& cell : data_cells(result.page)) {
    CAPTURE(cell.attributes, cell.text);
    if (cell.attributes.contains("data-path")) {
      ++kinds["summary"];
      check_summary_cell(cell, result.summary);
    } else if (cell.attributes.contains("data-pod")) {
      ++kinds["pods"];
      const std::string& exact = cell.attributes.at("value");
      CHECK(result.pods.at(cell.attributes.at("data-pod")).at(cell.attributes.at("data-column")) ==
            exact);
      check_text(cell.text, std::stod(exact));
    } else {
      ++kinds["series"];
      check_series_cell(cell, result.series);
    }
  }
  CHECK(kinds["summary"] > 100);
  CHECK(kinds["pods"] > 0);
  CHECK(kinds["series"] > 20);
}

json data_of(const std::string& page) {
  const std::string open = "<script type=\"application/json\" id=\"data\">";
  const std::size_t at = page.find(open) + open.size();
  return json::parse(page.substr(at, page.find("</script>", at) - at));
}

// The charts draw the series as the file has it.
void check_chart_data(const Result& result) {
  const json data = data_of(result.page);
  REQUIRE(data["series"]["rows"] == result.series.size());
  CHECK(data["end_s"] == result.summary["end_s"]);
  for (const json& column : data["series"]["columns"]) {
    for (const auto& [part, suffix] : {std::pair{"mean", ""}, {"min", "_min"}, {"max", "_max"}}) {
      if (!column.contains(part)) continue;
      const std::string name = column["name"].get<std::string>() + suffix;
      CAPTURE(name);
      bool same = true;
      for (std::size_t row = 0; row < result.series.size(); ++row) {
        same = same && column[part][row] == json::parse(result.series[row].at(name));
      }
      CHECK(same);
    }
  }
}

// What the series says of the whole run is what the summary says of it.
void check_series(const Result& result) {
  double most_ready = 0;
  double node_hours = 0;
  std::int64_t calls = 0;
  for (const auto& row : result.series) {
    most_ready = std::max(most_ready, std::stod(row.at("nodes_ready_max")));
    node_hours += std::stod(row.at("nodes_registered")) * std::stod(row.at("step_s")) / 3600;
    calls += std::stoll(row.at("ec2_calls"));
  }
  std::int64_t counted = 0;
  for (const auto& [action, outcomes] : result.summary["ec2"]["calls"].items()) {
    for (const auto& [outcome, count] : outcomes.items()) counted += count.get<std::int64_t>();
  }
  CHECK(most_ready == result.summary["nodes"]["ready_peak"]);
  CHECK(node_hours ==
        Approx(result.summary["nodes"]["node_hours"].get<double>()).epsilon(1e-4).margin(1e-3));
  CHECK(calls == counted);
}

}  // namespace

TEST_CASE("every number of a report is in the files beside it", "[report]") {
  const ProgramFolder folder("page_test");
  for (const std::string& name : shipped_scenarios(false)) {
    CAPTURE(name);
    const Result result = make_result(name, folder);
    CHECK(result.page.size() < 10'000'000);
    check_cells(result);
    check_chart_data(result);
    check_series(result);
  }
}

TEST_CASE("the report of a stored result is that of its run", "[report]") {
  const ProgramFolder folder("page_test_stored");
  const std::string out = (folder / "out").string();
  const std::string again = (folder / "again.html").string();
  REQUIRE(ProgramFolder::run("run scenarios/api-outage.json --quiet --out " + out) == 0);
  REQUIRE(ProgramFolder::run("report " + out + " -o " + again) == 0);
  // But for the command that runs it again: that names another file.
  const auto without_replay = [](std::string page) {
    const std::size_t at = page.find("<pre><code>casim run ");
    return page.erase(at, page.find("</code>", at) - at);
  };
  CHECK(without_replay(read_file(again)) ==
        without_replay(read_file(folder / "out" / "report.html")));

  // Another version's result is not drawn as if it were this one's.
  std::string summary = read_file(folder / "out" / "summary.json");
  const std::size_t digest = summary.find("\"digest\": \"") + 11;
  summary[digest] = summary[digest] == '0' ? '1' : '0';
  std::ofstream(folder / "out" / "summary.json") << summary;
  CHECK(ProgramFolder::run("report " + out + " -o " + again) == 2);
  CHECK(ProgramFolder::run("report " + (folder / "nothing").string()) == 2);
}

TEST_CASE("the same run gives the same report", "[report]") {
  const ProgramFolder folder("page_test_same");
  const std::string first = make_result("zone-out-of-capacity", folder).page;
  CHECK(make_result("zone-out-of-capacity", folder).page == first);
}
