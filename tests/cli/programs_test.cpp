// Programs that run programs, and what they leave behind: replications, merge, compare, baseline.
#include <algorithm>

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/cli/shell.h"

namespace casim::test {
namespace {

// Small enough for tests that run it many times.
const std::string kSmall =
    kBurst + " --set workloads.web.count=40 --set workloads.web.run_for=2m --quiet";

void write_text(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string hidden_in(const fs::path& folder) {
  std::string out;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.')) out += name + " ";
  }
  return out;
}

}  // namespace

TEST_CASE("replications are the same bytes for any jobs, made at once or one by one", "[cli]") {
  const Shell shell;
  const auto out = [&](const std::string& name) { return (shell / name).string(); };
  CHECK(shell.run("run " + kSmall + " --runs 5 --jobs 1 --out " + out("one")).exit_code == 0);
  CHECK(shell.run("run " + kSmall + " --runs 5 --jobs 3 --out " + out("three")).exit_code == 0);
  for (const char* number : {"4", "1", "5", "2", "3"}) {
    CHECK(shell.run("run " + kSmall + " --run " + number + " --out " + out("each")).exit_code == 0);
  }
  CHECK(shell.run("merge " + out("each") + " -q --out " + out("each/runs.json")).exit_code == 0);
  const std::string runs = Shell::read(shell / "one" / "runs.json");
  CHECK_FALSE(runs.empty());
  CHECK(Shell::read(shell / "three" / "runs.json") == runs);
  CHECK(Shell::read(shell / "each" / "runs.json") == runs);
  for (const char* seed : {"1", "2", "3", "4", "5"}) {
    CAPTURE(seed);
    const std::string summary = Shell::read(shell / "one" / seed / "summary.json");
    CHECK(Shell::read(shell / "three" / seed / "summary.json") == summary);
    CHECK(Shell::read(shell / "each" / seed / "summary.json") == summary);
  }
}

TEST_CASE("one run of replications counts from the scenario's own seed, and is one", "[cli]") {
  const Shell shell;
  const std::string out = " --out " + (shell / "r").string();
  CHECK(shell.run("run " + kSmall + " --seed 7 --run 3" + out).exit_code == 0);
  CHECK(fs::exists(shell / "r" / "9" / "summary.json"));
  CHECK(shell.run("run " + kSmall + " --runs 3 --run 3" + out).exit_code == 2);
  CHECK(shell.run("run " + kSmall + " --run 0" + out).exit_code == 2);
  CHECK(shell.run("run " + kSmall + " --seed 18446744073709551615 --run 2" + out).exit_code == 2);
}

TEST_CASE("merge refuses what does not belong together, and tells a broken threshold", "[cli]") {
  const Shell shell;
  const std::string out = (shell / "r").string();
  REQUIRE(shell.run("run " + kSmall + " --runs 4 --jobs 2 --out " + out).exit_code == 0);
  const std::string to = " --out " + (shell / "runs.json").string();
  CHECK(shell.run("merge " + out + to).exit_code == 0);
  const Output gap = shell.run("merge " + out + "/1 " + out + "/3" + to);
  CHECK(gap.exit_code == 2);
  CHECK(says(gap.err, "no run of seed 2, between 1 and 3"));
  CHECK(shell.run("merge " + out + "/1 " + out + "/1" + to).exit_code == 2);
  CHECK(shell.run("merge" + to).exit_code == 2);
  CHECK(says(shell.run("merge " + out + "/none" + to).err, "no such file or folder"));
  const fs::path second = shell / "r" / "2" / "summary.json";
  const std::string summary = Shell::read(second);
  write_text(second, replaced(summary, "\"version\": \"", "\"version\": \"x"));
  const Output mixed = shell.run("merge " + out + to);
  CHECK(mixed.exit_code == 2);
  CHECK(says(mixed.err, "seeds 1 and 2 differ in version"));
  write_text(second, "{");
  CHECK(shell.run("merge " + out + to).exit_code == 2);
  CHECK(shell
            .run("run " + kSmall + " --set 'thresholds=[\"nodes.gone < 0\"]' --runs 2 --out " +
                 (shell / "broken").string())
            .exit_code == 1);
  CHECK(shell.run("merge " + (shell / "broken").string() + to).exit_code == 1);
}

TEST_CASE("what each failing seed says is told", "[cli]") {
  const Shell shell;
  const Output run = shell.run("run " + kSmall + " --runs 3 --jobs 2 --event-limit 1000 --out " +
                               (shell / "r").string());
  CHECK(run.exit_code == 3);
  for (const char* seed : {"1", "2", "3"}) {
    CAPTURE(seed);
    CHECK(says(run.err, std::string("the run of seed ") + seed + " ended with exit code 3"));
    CHECK(says(run.err, std::string("  seed      ") + seed + "\n"));
  }
  CHECK_FALSE(fs::exists(shell / "r" / "runs.json"));
}

TEST_CASE("Ctrl-C stops replications, and what was done is kept", "[cli]") {
  const Shell shell;
  const Output run = shell.run(
      "run " + kBurst + " --until 90000h -q --runs 4 --jobs 2 --out " + (shell / "r").string(),
      "timeout --preserve-status -s INT 5");
  CHECK(run.exit_code == 130);
  CHECK(says(run.err, "stopped; 0 of 4 runs are done"));
  CHECK_FALSE(fs::exists(shell / "r" / "runs.json"));
}

TEST_CASE("a run that is killed at any moment leaves no half of a result", "[cli]") {
  const Shell shell;
  const fs::path target = shell / "r";
  const std::string run = "run " + kSmall + " --pods --events --out " + target.string();
  REQUIRE(shell.run(run).exit_code == 0);
  const std::string whole = Shell::read(target / "summary.json");
  for (int i = 0; i < 20; ++i) {
    if (i % 2 == 0) fs::remove_all(target);
    const int ms = i * 149 % 400;  // all over a run, whose speed is the machine's
    shell.run(run, "timeout -s KILL 0." + std::string(ms < 100 ? "0" : "") + std::to_string(ms));
    if (!fs::exists(target)) continue;
    CHECK(Shell::read(target / "summary.json") == whole);
    for (const char* file : {"scenario.json", "meta.json", "pods.csv", "events.jsonl.gz"}) {
      CHECK(fs::exists(target / file));
    }
  }
  // What is left over under other names harms nobody.
  CHECK(shell.run(run).exit_code == 0);
  CHECK(shell.run("merge " + shell.path().string() + " --out " + (shell / "runs.json").string())
            .exit_code == 0);
}

TEST_CASE("a full disk, a read-only folder and a file in the way: one clear message", "[cli]") {
  const Shell shell;
  const fs::path disk = shell / "disk";
  fs::create_directory(disk);
  write_text(shell / "file", "mine");
  const Output in_way = shell.run("run " + kSmall + " --out " + (shell / "file").string());
  CHECK(in_way.exit_code == 2);
  CHECK(says(in_way.err, "is not a folder"));
  fs::create_directory(shell / "foreign");
  write_text(shell / "foreign" / "letter", "dear");
  CHECK(
      shell.run("run " + kSmall + " --runs 2 --out " + (shell / "file" / "x").string()).exit_code ==
      2);
  const auto mount = [&](const std::string& options) {
    const std::string command = "mount -t tmpfs -o " + options + " tmpfs " + disk.string();
    return std::system((command + " 2>/dev/null").c_str()) == 0;
  };
  const auto unmount = [&] { return std::system(("umount " + disk.string()).c_str()) == 0; };
  if (!mount("size=16k")) {
    WARN("no disk can be mounted here: what a full one does was not tried");
    return;
  }
  const std::string target = (disk / "r").string();
  const Output full = shell.run("run " + kSmall + " --pods --events --out " + target);
  CHECK(full.exit_code == 2);
  CHECK(std::ranges::count(full.err, '\n') == 1);
  CHECK(says(full.err, target + "/"));
  CHECK(says(full.err, "cannot be written"));
  CHECK_FALSE(fs::exists(target));
  CHECK(hidden_in(disk).empty());
  REQUIRE(unmount());
  REQUIRE(mount("size=4k"));
  const Output kept = shell.run("baseline " + kBurst + " --folder " + disk.string());
  CHECK(kept.exit_code == 2);
  CHECK(says(kept.err, "cannot be written"));
  CHECK_FALSE(fs::exists(disk / "first-burst.json"));
  REQUIRE(unmount());
  REQUIRE(mount("ro,size=16k"));
  const Output read_only = shell.run("run " + kSmall + " --out " + target);
  CHECK(read_only.exit_code == 2);
  CHECK(std::ranges::count(read_only.err, '\n') == 1);
  CHECK(says(read_only.err, "Read-only file system"));
  REQUIRE(unmount());
}

TEST_CASE("baseline keeps, checks and says what changed", "[cli]") {
  const Shell shell;
  const std::string scenario = (shell / "small.json").string();
  write_text(scenario, Shell::read(kBurst));
  const std::string folder = " --folder " + (shell / "kept").string();
  CHECK(shell.run("baseline " + scenario + " --check" + folder).exit_code == 1);
  CHECK(shell.run("baseline " + scenario + folder).exit_code == 0);
  CHECK(hidden_in(shell / "kept").empty());
  CHECK(fs::exists(shell / "kept" / "small.json"));
  CHECK_FALSE(fs::exists(shell / "kept" / "small.json.new"));
  CHECK(shell.run("baseline " + scenario + " --check" + folder).exit_code == 0);
  write_text(scenario, replaced(Shell::read(kBurst), "\"schema_version\"",
                           "\"nodes\": { \"boot\": \"90s\" }, \"schema_version\""));
  const Output changed = shell.run("baseline " + scenario + " --check" + folder);
  CHECK(changed.exit_code == 1);
  CHECK(says(changed.out, "of its stages boot did most"));
  write_text(shell / "kept" / "small.json", "{");
  CHECK(shell.run("baseline " + scenario + " --check" + folder).exit_code == 2);
  CHECK(shell.run("baseline " + scenario + " --jobs 0" + folder).exit_code == 2);
  CHECK(shell.run("baseline " + folder).exit_code == 2);
  CHECK(shell.run("baseline " + scenario + " " + scenario + folder).exit_code == 2);
  write_text(scenario, "{ \"schema_version\": 1 }");
  const Output bad = shell.run("baseline " + scenario + folder);
  CHECK(bad.exit_code == 2);
  CHECK(says(bad.err, "small.json"));
  // A store that needs an hour for a commit breaks the run.
  write_text(scenario, replaced(Shell::read(kBurst), "\"schema_version\"",
                           "\"provider\": { \"store\": { \"commit\": \"1h\" } }, "
                           "\"schema_version\""));
  CHECK(shell.run("baseline " + scenario + folder).exit_code == 3);
}

TEST_CASE("compare: nothing new 0, slower machines 1 and the stage, garbage 2", "[cli]") {
  const Shell shell;
  const auto out = [&](const std::string& name) { return (shell / name).string(); };
  REQUIRE(shell.run("run " + kSmall + " --out " + out("base")).exit_code == 0);
  REQUIRE(shell.run("run " + kSmall + " --out " + out("same")).exit_code == 0);
  REQUIRE(shell.run("run " + kSmall + " --set nodes.boot=150s --out " + out("slow")).exit_code < 2);
  CHECK(shell.run("compare " + out("base") + " " + out("same")).exit_code == 0);
  const Output slow = shell.run("compare " + out("base") + " " + out("slow"));
  CHECK(slow.exit_code == 1);
  CHECK(says(slow.out, "of its stages boot did most"));
  // Wall time alone is noise.
  const fs::path meta = shell / "same" / "meta.json";
  auto changed = nlohmann::json::parse(Shell::read(meta));
  changed["wall_s"] = 1000.0;
  write_text(meta, changed.dump());
  CHECK(shell.run("compare " + out("base") + " " + out("same")).exit_code == 0);
  write_text(shell / "gate.json", R"({"limits": {"wall_time": "20%"}})");
  CHECK(shell.run("compare " + out("base") + " " + out("same") + " --gate " + out("gate.json"))
            .exit_code == 0);
  write_text(shell / "gate.json", R"({"limits": {"wall_time": "2s"}})");
  CHECK(shell.run("compare " + out("base") + " " + out("same") + " --gate " + out("gate.json"))
            .exit_code == 2);
  write_text(shell / "same" / "summary.json", "garbage");
  CHECK(shell.run("compare " + out("base") + " " + out("same")).exit_code == 2);
  CHECK(shell.run("compare " + out("base")).exit_code == 2);
  CHECK(shell.run("compare " + out("base") + " " + out("none")).exit_code == 2);
}

TEST_CASE("compare pairs the seeds of replicated results", "[cli]") {
  const Shell shell;
  const auto out = [&](const std::string& name) { return (shell / name).string(); };
  const std::string runs = "run " + kSmall + " --runs 6 --jobs 2 --out ";
  REQUIRE(shell.run(runs + out("base")).exit_code == 0);
  REQUIRE(shell.run(runs + out("same")).exit_code == 0);
  REQUIRE(shell.run(runs + out("slow") + " --set nodes.boot=150s").exit_code < 2);
  const Output same = shell.run("compare " + out("base") + " " + out("same"));
  CHECK(same.exit_code == 0);
  CHECK(says(same.out, "first-burst, 6 paired seeds: nothing changed"));
  const Output slow = shell.run("compare " + out("base") + " " + out("slow"));
  CHECK(slow.exit_code == 1);
  CHECK(says(slow.out, "of its stages boot did most"));
  CHECK(says(slow.out, "6 up 0 down"));
  const Output each = shell.run("compare --each " + out("base") + " " + out("slow"));
  CHECK(each.exit_code == 1);
  CHECK(says(each.out, "first-burst, seed 6"));
}

TEST_CASE("JUnit XML of a comparison keeps the rules of its readers", "[cli]") {
  if (std::system("command -v xmllint >/dev/null") != 0) {
    WARN("xmllint is missing (libxml2-utils): JUnit XML was not validated");
    return;
  }
  const Shell shell;
  const auto out = [&](const std::string& name) { return (shell / name).string(); };
  const auto run = [&](const std::string& name, const std::string& options) {
    return shell.run("run " + kSmall +
                     " --set 'thresholds=[\"scale_up_latency.total.p99 < 2m\"]' " + options +
                     " --out " + out(name));
  };
  REQUIRE(run("base", "").exit_code == 0);
  REQUIRE(run("slow", "--set nodes.boot=150s").exit_code == 1);
  const auto is_valid = [&](const std::string& file) {
    const std::string command =
        "xmllint --noout --schema tests/cli/junit.xsd " + out(file) + " 2>" + out("said");
    const bool is_ok = std::system(command.c_str()) == 0;
    INFO(Shell::read(shell / "said"));
    CHECK(is_ok);
  };
  const std::string compare = "compare " + out("base") + " ";
  CHECK(shell.run(compare + out("base") + " --junit " + out("same.xml")).exit_code == 0);
  is_valid("same.xml");
  CHECK(shell.run(compare + out("slow") + " --junit " + out("slow.xml")).exit_code == 1);
  is_valid("slow.xml");
  const std::string xml = Shell::read(shell / "slow.xml");
  // A threshold has quotes and a less-than sign in its name.
  CHECK(says(xml, "thresholds[&quot;scale_up_latency.total.p99 &lt; 2m&quot;]"));
  write_text(shell / "wrong.xml", replaced(xml, "time=\"0\"", "time=\"never\""));
  CHECK(std::system(
            ("xmllint --noout --schema tests/cli/junit.xsd " + out("wrong.xml") + " 2>/dev/null")
                .c_str()) != 0);
}

TEST_CASE("Markdown of a comparison is a table", "[cli]") {
  const Shell shell;
  const auto out = [&](const std::string& name) { return (shell / name).string(); };
  REQUIRE(shell.run("run " + kSmall + " --out " + out("base")).exit_code == 0);
  REQUIRE(shell.run("run " + kSmall + " --set nodes.boot=150s --out " + out("slow")).exit_code < 2);
  const Output compared = shell.run("compare --markdown " + out("base") + " " + out("slow"));
  CHECK(compared.exit_code == 1);
  std::istringstream lines(compared.out);
  std::string line;
  std::getline(lines, line);
  CHECK(line.starts_with("### first-burst"));
  int rows = 0;
  while (std::getline(lines, line)) {
    if (!line.starts_with("|")) continue;
    CAPTURE(line);
    // Five cells, bars inside of them escaped.
    int bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++bars;
    }
    CHECK(bars == 6);
    CHECK(line.ends_with("|"));
    ++rows;
  }
  CHECK(rows > 3);
}

}  // namespace casim::test
