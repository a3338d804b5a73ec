// The program as a user meets it: exit codes, what it leaves behind, what it prints where.
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/cli/shell.h"

namespace casim::test {

TEST_CASE("a run writes its result and prints a summary", "[cli]") {
  const Shell shell;
  const Output run =
      shell.run("run " + kBurst + " --pods --events --out " + (shell / "r").string());
  CHECK(run.exit_code == 0);
  CHECK(says(run.out, "Scale-up latency"));
  for (const char* file :
       {"summary.json", "scenario.json", "meta.json", "pods.csv", "events.jsonl.gz"}) {
    CHECK(fs::exists(shell / "r" / file));
  }
  // The resolved scenario is a scenario: the same run again.
  const Output again = shell.run("run " + (shell / "r" / "scenario.json").string() +
                                 " --json --out " + (shell / "again").string());
  CHECK(again.exit_code == 0);
  const auto digest_line = [](const std::string& text) {
    return text.substr(text.find("\"digest\""), 30);
  };
  CHECK(digest_line(again.out) == digest_line(Shell::read(shell / "r" / "summary.json")));
}

TEST_CASE("bad input ends with 2, says what was meant and writes nothing", "[cli]") {
  const Shell shell;
  const std::string out = " --out " + (shell / "r").string();
  const Output flag = shell.run("run " + kBurst + " --sed 3" + out);
  CHECK(flag.exit_code == 2);
  CHECK(says(flag.err, "did you mean --set?"));
  const Output value = shell.run("run " + kBurst + " --set workloads.web.count=-1" + out);
  CHECK(value.exit_code == 2);
  CHECK(says(value.err, "workloads[0].count"));
  CHECK(shell.run("rum").exit_code == 2);
  CHECK_FALSE(fs::exists(shell / "r"));
}

TEST_CASE("a folder that is no result is refused", "[cli]") {
  const Shell shell;
  fs::create_directory(shell / "mine");
  std::ofstream(shell / "mine" / "letter") << "dear";
  const Output run = shell.run("run " + kBurst + " --out " + (shell / "mine").string());
  CHECK(run.exit_code == 2);
  CHECK(says(run.err, "not a result of casim"));
  CHECK(Shell::read(shell / "mine" / "letter") == "dear");
}

TEST_CASE("Ctrl-C keeps what is done, marked partial", "[cli]") {
  const Shell shell;
  const Output run =
      shell.run("run " + kBurst + " --until 90000h -q --out " + (shell / "r").string(),
                "timeout --preserve-status -s INT 1");
  CHECK(run.exit_code == 130);
  const std::string summary = Shell::read(shell / "r" / "summary.json");
  CHECK(says(summary, "\"partial\": true"));
  CHECK(says(summary, "\"stopped_by\": \"interrupt\""));
}

TEST_CASE("the schema describes what the reader takes", "[cli]") {
  const Shell shell;
  const Output schema = shell.run("schema");
  CHECK(schema.exit_code == 0);
  for (const char* member : {"node_groups", "workloads", "autoscaler", "faults"}) {
    CHECK(says(schema.out, member));
  }
  CHECK(shell.run("validate " + kBurst).exit_code == 0);
}

TEST_CASE("the schema of results names each key of summary.json", "[cli]") {
  const Shell shell;
  const Output schema = shell.run("schema --result");
  CHECK(schema.exit_code == 0);
  const Output run = shell.run("run " + kBurst + " --json -q --out " + (shell / "r").string());
  REQUIRE(run.exit_code == 0);
  const auto properties = nlohmann::json::parse(schema.out).at("properties");
  const auto summary = nlohmann::json::parse(run.out);
  CHECK(properties.size() == summary.size());
  for (const auto& [key, value] : summary.items()) {
    CAPTURE(key);
    CHECK(properties.contains(key));
  }
  CHECK(says(shell.run("schema --help").out, "--result"));
}

TEST_CASE("an event limit breaks the run off: 3, a partial result and how to come back", "[cli]") {
  const Shell shell;
  const Output run = shell.run("run " + kBurst + " --seed 5 --event-limit 1000 -q --out " +
                               (shell / "r").string());
  CHECK(run.exit_code == 3);
  CHECK(says(run.err, "casim: the run broke: the limit of 1000 events is reached\n"));
  CHECK(says(run.err, "  scenario  " + kBurst + "\n"));
  CHECK(says(run.err, "  seed      5\n"));
  CHECK(says(run.err, " s (virtual)\n"));
  CHECK(says(run.err, "  loop      "));
  CHECK(says(run.err, "  again     casim run " + kBurst + " --seed 5 --event-limit 1000\n"));
  CHECK(says(run.err, "r (partial)\n"));
  const std::string summary = Shell::read(shell / "r" / "summary.json");
  CHECK(says(summary, "\"partial\": true"));
  CHECK(says(summary, "\"stopped_by\": \"event limit\""));
}

TEST_CASE("an exception breaks the run off, and its command runs into it again", "[cli]") {
  const Shell shell;
  // A store that needs an hour for a commit: the handler outlives its caller by 60 s.
  const Output run = shell.run("run " + kBurst +
                               " --set provider.store.commit=1h --set \"description=it's\" -q"
                               " --out " +
                               (shell / "r").string());
  CHECK(run.exit_code == 3);
  CHECK(says(run.err, "casim: the run broke: the handler of "));
  const std::string summary = Shell::read(shell / "r" / "summary.json");
  CHECK(says(summary, "\"partial\": true"));
  CHECK(says(summary, "\"stopped_by\": \"exception\""));
  CHECK(says(summary, "stopped by exception: the handler of "));
  const std::string mark = "  again     casim ";
  const std::size_t begin = run.err.find(mark) + mark.size();
  const std::string again = run.err.substr(begin, run.err.find('\n', begin) - begin);
  CHECK(again ==
        "run " + kBurst + " --set provider.store.commit=1h --set 'description=it'\\''s' --seed 1");
  const Output second = shell.run(again + " -q --out " + (shell / "again").string());
  CHECK(second.exit_code == 3);
  CHECK(Shell::read(shell / "again" / "summary.json") == summary);
}

TEST_CASE("an abort says how to come back, and that there is no result", "[cli]") {
  const Shell shell;
  // The signal comes once the run has told something. (The folder of a result has this name until
  // it is whole.)
  const std::string abort_when_it_runs =
      "sh -c '\"$0\" \"$@\" & pid=$!; until [ -s " + (shell / ".r.").string() +
      "$pid/events.jsonl.gz ]; do kill -0 $pid || break; sleep 0.1; done; "
      "kill -ABRT $pid; wait $pid'";
  const Output run =
      shell.run("run " + kBurst + " --until 90000h -q --events --out " + (shell / "r").string(),
                abort_when_it_runs);
  CHECK(run.exit_code == 3);
  CHECK(says(run.err, "casim: the run broke: it was aborted"));
  CHECK(says(run.err, " s (virtual)\n"));
  CHECK(says(run.err, "  again     casim run " + kBurst + " --set duration=90000h --seed 1\n"));
  CHECK(says(run.err, "  result    none"));
  CHECK_FALSE(fs::exists(shell / "r"));
  for (const auto& left : fs::directory_iterator(shell / "")) {
    CAPTURE(left.path());
    CHECK_FALSE(left.path().filename().string().starts_with("."));
  }
}

TEST_CASE("validate explains a load without running it", "[cli]") {
  const Shell shell;
  const Output run = shell.run(
      "validate --explain scenarios/flash-crowd.json --set node_groups.general.max=20 "
      "--set workloads.jobs.pod.resources.requests.cpu=2");
  CHECK(run.exit_code == 0);
  CHECK(says(run.out, "pods: 3621; they run 3m42s on average; mean request 2.00 cpu, 2.00 GiB"));
  CHECK(says(run.out, "Over time, the most within each 15m"));
  CHECK(says(run.out, "by cpu; max 20: too few, unless other nodes take the rest"));
  const Output giants = shell.run(
      "validate --explain scenarios/flash-crowd.json "
      "--set workloads.jobs.pod.resources.requests.cpu=20");
  CHECK(giants.exit_code == 0);
  CHECK(says(giants.out, "3621 pods of 20 cpu, 2Gi memory: general has 7910m cpu of 20"));
  CHECK(says(giants.out, "general          nothing fits there"));
  CHECK(shell.run("validate --explain no-such.json").exit_code == 2);
}

TEST_CASE("a run that no machine can hold is refused with what it needs", "[cli]") {
  const Shell shell;
  const Output run = shell.run(
      "run scenarios/flash-crowd.json --set workloads.jobs.scale=1000000 "
      "--set workloads.jobs.rates[0].rate=1000000/s --set workloads.jobs.as=pod --out " +
      (shell / "r").string());
  CHECK(run.exit_code == 2);
  CHECK(says(run.err, "the run creates about 1.08e+16 pods and keeps at least"));
  CHECK_FALSE(fs::exists(shell / "r"));
}

TEST_CASE("a search whose seeds all hold says so, and leaves nothing", "[cli]") {
  const Shell shell;
  const Output run = shell.run("fuzz --seeds 2 --seed 11 -q --out " + (shell / "f").string());
  CHECK(run.exit_code == 0);
  CHECK(says(run.out, "2 seeds from 11 on, none broke"));
  CHECK(fs::is_empty(shell / "f"));
}

TEST_CASE("what a search cannot take is said before it runs", "[cli]") {
  const Shell shell;
  const Output zero = shell.run("fuzz --seeds 0");
  CHECK(zero.exit_code == 2);
  CHECK(says(zero.err, "--seeds takes a number of at least 1, not \"0\""));
  CHECK(shell.run("fuzz --seed -1").exit_code == 2);
  CHECK(shell.run("fuzz --set seed=1").exit_code == 2);
  CHECK(shell.run("fuzz no-such-file.json").exit_code == 2);
  const Output typo = shell.run("fuzz --sed 1");
  CHECK(typo.exit_code == 2);
  CHECK(says(typo.err, "did you mean --seed?"));
}

TEST_CASE("checking the invariants changes nothing", "[cli]") {
  const Shell shell;
  const std::string out = " -q --out ";
  CHECK(shell.run("run " + kBurst + " --check" + out + (shell / "a").string()).exit_code == 0);
  CHECK(shell.run("run " + kBurst + out + (shell / "b").string()).exit_code == 0);
  CHECK(Shell::read(shell / "a" / "summary.json") == Shell::read(shell / "b" / "summary.json"));
}

TEST_CASE("a snapshot of a cluster becomes a scenario that runs", "[cli]") {
  const Shell shell;
  const std::string scenario = (shell / "cluster.json").string();
  const Output made = shell.run("import tests/import/cluster.yaml -o " + scenario);
  CAPTURE(made.err);
  CHECK(made.exit_code == 0);
  CHECK(made.out.empty());
  CHECK(says(made.err, "finished pods, left out: 1"));
  const Output run =
      shell.run("run " + scenario + " --until 5m --check --quiet --out " + (shell / "r").string());
  CAPTURE(run.err);
  CHECK(run.exit_code == 0);
  const Output piped = shell.run("import", "cat tests/import/cluster.yaml |");
  CHECK(piped.exit_code == 0);
  CHECK(piped.out == Shell::read(scenario));
}

TEST_CASE("what is no snapshot is refused with its place", "[cli]") {
  const Shell shell;
  CHECK(shell.run("import /nowhere.json").exit_code == 2);
  const Output garbage = shell.run("import -", "echo '{\"a\": [1' |");
  CHECK(garbage.exit_code == 2);
  CHECK(says(garbage.err, "standard input:1"));
  const Output empty = shell.run("import", "echo '{\"apiVersion\":\"v1\",\"kind\":\"List\"}' |");
  CHECK(empty.exit_code == 2);
  CHECK(shell.run("import tests/import/cluster.yaml --args @/nowhere").exit_code == 2);
  CHECK(says(shell.run("import --hlep").err, "did you mean --help?"));
}

}  // namespace casim::test
