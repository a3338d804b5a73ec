// casim explain: the same run again, told of one thing. Its numbers are those of the result.
#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/cli/shell.h"
#include "tests/explain/told_parts.h"

namespace casim::test {
namespace {

// Without line breaks.
std::string flat(const std::string& text) {
  std::istringstream in(text);
  std::string out;
  for (std::string word; in >> word;) out += (out.empty() ? "" : " ") + word;
  return out;
}

std::string run_of(const Shell& shell, const std::string& arguments) {
  const std::string out = (shell / "r").string();
  const Output run = shell.run("run " + arguments + " --pods -q --out " + out);
  REQUIRE(run.exit_code <= 1);
  return out;
}

}  // namespace

TEST_CASE("a pod's stages are those of pods.csv, with what caused them", "[cli]") {
  const Shell shell;
  const std::string out = run_of(shell, "scenarios/zone-out-of-capacity.json");
  std::ifstream csv(fs::path(out) / "pods.csv");
  const auto pods = pods_by_name(csv);
  for (const char* pod : {"web-0", "web-10", "web-17", "web-199"}) {
    CAPTURE(pod);
    const Output explained = shell.run("explain " + out + " pod/" + pod);
    CHECK(explained.exit_code == 0);
    CHECK(explained.err.empty());
    CHECK(parts_told(explained.out) == parts_in(pods.at(pod)));
  }
  const Output waited = shell.run("explain " + out + " pod/web-10");
  CHECK(says(waited.out, "web-10 waited 77.79 s for a new node"));
  CHECK(says(flat(waited.out), "machines of it failed: 11 InsufficientInstanceCapacity"));
  CHECK(says(waited.out, "one-zone was passed over for "));
  CHECK(says(waited.out, "in backoff after failed scale-up"));
  CHECK(says(waited.out, "web-10 runs"));
  CHECK_FALSE(says(waited.out, "\033["));  // a pipe is no terminal
}

TEST_CASE("the slowest pods are those at the end of the distribution", "[cli]") {
  const Shell shell;
  const std::string out = run_of(shell, "scenarios/zone-out-of-capacity.json");
  const Output slowest = shell.run("explain " + out + " slowest");
  CHECK(slowest.exit_code == 0);
  const auto summary = nlohmann::json::parse(Shell::read(fs::path(out) / "summary.json"));
  const auto& total = summary.at("scale_up_latency").at("total");
  for (const char* which : {"max", "p99"}) {
    std::ostringstream text;
    text << std::fixed;
    text.precision(2);
    text << " waited " << total.at(which).get<double>() << " s for a new node";
    CHECK(says(slowest.out, text.str()));
  }
}

TEST_CASE("a node, a group and a loop are told from order to end", "[cli]") {
  const Shell shell;
  const std::string out = run_of(shell, "scenarios/zone-out-of-capacity.json");
  std::ifstream csv(fs::path(out) / "pods.csv");
  const auto pods = pods_by_name(csv);
  const std::string name = pods.at("web-10").at("node");
  const Output node = shell.run("explain " + out + " node/" + name);
  CHECK(node.exit_code == 0);
  for (const char* part : {" of group two-zones became Ready ", "EC2 accepts machine ", "node ",
                           " registers", "pods are bound to ", " is gone"}) {
    CAPTURE(part);
    CHECK(says(node.out, part));
  }
  const Output group = shell.run("explain " + out + " group/one-zone");
  CHECK(group.exit_code == 0);
  CHECK(says(group.out, "ordered machines failed: InsufficientInstanceCapacity."));
  CHECK(says(group.out, "orders 11 nodes of one-zone for 53 pods"));
  const Output loop = shell.run("explain " + out + " loop/62.1");
  CHECK(loop.exit_code == 0);
  CHECK(says(loop.out, "Loop 16 began at "));
  CHECK(says(loop.out, "left out, random"));
  CHECK(shell.run("explain " + out + " loop/1m2.1s").out == loop.out);
}

TEST_CASE("what explain cannot know is refused with the nearest name", "[cli]") {
  const Shell shell;
  const std::string out = run_of(shell, kBurst);
  const auto refused = [&](const std::string& arguments, const std::string& part) {
    const Output said = shell.run("explain " + arguments);
    CAPTURE(arguments, said.err);
    CHECK(said.exit_code == 2);
    CHECK(said.out.empty());
    CHECK(says(said.err, part));
  };
  refused(out + " pod/wbe-3", "no pod \"wbe-3\"; did you mean \"web-3\"?");
  refused(out + " node/nothing-like-it", "no node \"nothing-like-it\"");
  refused(out + " group/genral", "did you mean \"general\"?");
  refused(out + " loop/yesterday", "is no time of the run");
  refused(out + " loop/900h", "the run ended at ");
  refused(out + " pood/web-3", "did you mean \"pod\"?");
  refused(out + " pod/", "expected pod/NAME");
  refused(out, "explain needs a result and a thing");
  refused((shell / "nothing").string() + " slowest", "there is no such folder");
  refused("scenarios slowest", "is no result of casim");
}

TEST_CASE("a result that cannot be run again is refused, or doubted loudly", "[cli]") {
  const Shell shell;
  const std::string out = run_of(shell, kBurst);
  const fs::path file = fs::path(out) / "summary.json";
  const auto summary = nlohmann::ordered_json::parse(Shell::read(file));
  auto changed = summary;
  changed["digest"] = "0000000000000000";
  std::ofstream(file) << changed.dump(2);
  const Output doubted = shell.run("explain " + out + " pod/web-3");
  CHECK(doubted.exit_code == 0);
  CHECK(says(doubted.err, "WARNING: the replay is not the run of this result"));
  changed = summary;
  changed["version"] = "0.0.1";
  std::ofstream(file) << changed.dump(2);
  const Output old = shell.run("explain " + out + " pod/web-3");
  CHECK(old.exit_code == 2);
  CHECK(says(old.err, "is of version 0.0.1 of casim's results"));
  std::ofstream(file) << "{}";
  CHECK(shell.run("explain " + out + " pod/web-3").exit_code == 2);
}

TEST_CASE("a trace that is not the one that was played is refused", "[cli]") {
  const Shell shell;
  const fs::path trace = shell / "jobs.csv";
  const std::string rows = "name,arrival_s,run_for_s,cpu_m,memory_mib,gpus\na,10,60,6000,1024,0\n";
  std::ofstream(trace) << rows;
  std::ofstream(shell / "scenario.json") << R"({ "schema_version": 1, "description": "d",
    "start": "2026-01-05T08:00:00Z", "duration": "20m",
    "node_groups": [{ "name": "g", "max": 9, "instance_types": ["m6i.2xlarge"] }],
    "workloads": [{ "name": "jobs", "kind": "trace", "format": "casim", "file": "jobs.csv" }] })";
  const std::string out = run_of(shell, (shell / "scenario.json").string());
  const Output explained = shell.run("explain " + out + " slowest");
  CAPTURE(explained.err);
  CHECK(explained.exit_code == 0);
  CHECK(says(explained.out, " for a new node"));
  CHECK(says(Shell::read(fs::path(out) / "scenario.json"), "\"sha256\": \""));
  std::ofstream(trace) << rows << "b,11,60,6000,1024,0\n";
  const Output other = shell.run("explain " + out + " slowest");
  CHECK(other.exit_code == 2);
  CHECK(says(other.err, "is another file than the scenario means: its SHA-256 is "));
}

TEST_CASE("a run that was stopped is explained as far as it came", "[cli]") {
  const Shell shell;
  const std::string out = (shell / "r").string();
  REQUIRE(shell.run("run " + kBurst + " --event-limit 10000 -q --out " + out).exit_code == 3);
  const Output explained = shell.run("explain " + out + " group/general");
  CHECK(explained.exit_code == 0);
  CHECK(explained.err.empty());  // the digest is that of the run
}

}  // namespace casim::test
