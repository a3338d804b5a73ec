// What users copy runs as it stands: the shell steps of the CI workflow, the Jobs for Kubernetes.
#include "src/config/document.h"
#include "src/config/manifest_document.h"
#include "tests/catch.h"
#include "tests/cli/shell.h"

namespace casim::test {
namespace {

using config::Value;

const Value& member(const Value& value, std::string_view key) {
  const Value* found = value.find(key);
  CAPTURE(key);
  REQUIRE(found != nullptr);
  return *found;
}

std::string text(const Value& value, std::string_view key) {
  const std::string* found = member(value, key).as_string();
  REQUIRE(found != nullptr);
  return *found;
}

void write(const fs::path& file, const std::string& content) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << content;
}

int sh(const std::string& command) {
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A repository with a scenario, whose branch changes it; and what GitHub gives a job.
class Repository {
 public:
  Repository() {
    const std::string program = fs::absolute(CASIM_PROGRAM).string();
    write(shell_ / "bin" / "casim", "#!/bin/sh\nexec " + program + " \"$@\"\n");
    fs::permissions(shell_ / "bin" / "casim", fs::perms::owner_all);
    write(work() / "autoscaling" / "burst.json", scenario("40s"));
    REQUIRE(git("init -q -b main . && git config user.email a@example.com && "
                "git config user.name a && git add . && git commit -q -m base && "
                "git update-ref refs/remotes/origin/main HEAD && git checkout -q -b change") == 0);
    fs::create_directories(shell_ / "temp");
  }

  static std::string scenario(const std::string& boot) {
    return R"({ "schema_version": 1, "description": "d", "start": "2026-01-05T08:00:00Z",
      "duration": "20m", "nodes": { "boot": ")" +
           boot + R"(" },
      "node_groups": [{ "name": "g", "max": 9, "initial": 1, "instance_types": ["m6i.2xlarge"] }],
      "workloads": [{ "name": "web", "kind": "burst", "at": "1m", "count": 30, "run_for": "5m",
        "pod": { "resources": { "requests": { "cpu": "1", "memory": "1Gi" } } } }] })";
  }

  fs::path work() const { return shell_ / "work"; }

  std::string summary() const { return Shell::read(shell_ / "summary.md"); }

  fs::path results() const { return shell_ / "temp" / "casim"; }

  void change(const std::string& boot) {
    write(work() / "autoscaling" / "burst.json", scenario(boot));
    REQUIRE(git("commit -q --allow-empty -a -m change") == 0);
  }

  // As GitHub runs a step whose shell is bash.
  int step(const std::string& script) const {
    write(shell_ / "step.sh", script);
    return sh("cd " + work().string() + " && env PATH=" + (shell_ / "bin").string() +
              ":$PATH HOME=" + (shell_ / "temp").string() + " GITHUB_BASE_REF=main" +
              " GITHUB_WORKSPACE=" + work().string() + " GITHUB_STEP_SUMMARY=" +
              (shell_ / "summary.md").string() + " RUNNER_TEMP=" + (shell_ / "temp").string() +
              " SCENARIOS='autoscaling/*.json' GATE=gate.json SEEDS=5" +
              " bash --noprofile --norc -eo pipefail " + (shell_ / "step.sh").string() + " >" +
              (shell_ / "step.log").string() + " 2>&1");
  }

  std::string log() const { return Shell::read(shell_ / "step.log"); }

 private:
  int git(const std::string& arguments) const {
    return sh("cd " + work().string() + " && git " + arguments + " >/dev/null 2>&1");
  }

  Shell shell_;
};

std::vector<std::string> shell_steps(const std::string& file) {
  config::Problems problems;
  const auto workflow = config::load_file(file, problems);
  REQUIRE(workflow);
  INFO(problems.text());
  REQUIRE_FALSE(problems.has_errors());
  const Value& job = member(member(workflow->root(), "jobs"), "autoscaling");
  CHECK(text(member(member(job, "defaults"), "run"), "shell") == "bash");
  std::vector<std::string> out;
  for (const Value& step : *member(job, "steps").as_list()) {
    if (step.find("run") != nullptr) out.push_back(text(step, "run"));
  }
  return out;
}

}  // namespace

TEST_CASE("the workflow for a user's CI passes what is not worse and stops what is", "[cli]") {
  if (sh("command -v git >/dev/null") != 0) {
    WARN("git is missing: the workflow was not run");
    return;
  }
  const std::vector<std::string> steps = shell_steps("reports/ci/casim.yml");
  REQUIRE(steps.size() == 4);
  const auto outcome = [&](Repository& repository) {
    int code = 0;
    for (const std::string& step : steps) {
      code = repository.step(step);
      if (code != 0) break;
    }
    return code;
  };
  Repository same;
  same.change("40s");
  const int same_code = outcome(same);
  CAPTURE(same.log());
  CHECK(same_code == 0);
  CHECK(says(same.summary(), "### burst, 5 paired seeds\n\nnothing changed."));
  Repository slower;
  slower.change("150s");
  const int slower_code = outcome(slower);
  CAPTURE(slower.log());
  CHECK(slower_code == 1);
  CHECK(says(slower.summary(), "of its stages boot did most"));
  CHECK(says(Shell::read(slower.results() / "compare.xml"), "<failure"));
  // A gate that allows it.
  Repository allowed;
  write(allowed.work() / "gate.json", R"({"limits": {"pods.lost": "0"}})");
  allowed.change("150s");
  CHECK(outcome(allowed) == 0);
}

TEST_CASE("the Jobs for Kubernetes make the runs that --runs makes", "[cli]") {
  config::Problems problems;
  const auto documents = config::load_manifest("deploy/kubernetes/replications.yaml", problems, {});
  REQUIRE(documents);
  INFO(problems.text());
  REQUIRE_FALSE(problems.has_errors());
  REQUIRE(documents->size() == 3);
  const auto container = [&](std::size_t index) -> const Value& {
    const Value& job = documents->at(index).root();
    CHECK(text(job, "kind") == "Job");
    const Value& pod = member(member(member(job, "spec"), "template"), "spec");
    return member(pod, "containers").as_list()->front();
  };
  CHECK(text(member(documents->at(1).root(), "spec"), "completionMode") == "Indexed");
  const auto script = [&](std::size_t index) {
    return *member(container(index), "args").as_list()->front().as_string();
  };
  // In a pod casim is in PATH, and the scenario and the results are mounted.
  const Shell shell;
  const auto run = [&](std::string body, const std::string& environment) {
    for (const auto& [mount, folder] :
         {std::pair<std::string, fs::path>{"/scenario/", shell / ""}, {"/out", shell / "out"}}) {
      for (std::size_t at = body.find(mount); at != std::string::npos;
           at = body.find(mount, at + folder.string().size())) {
        body.replace(at, mount.size(), folder.string());
      }
    }
    write(shell / "bin" / "casim",
          "#!/bin/sh\nexec " + fs::absolute(CASIM_PROGRAM).string() + " \"$@\"\n");
    fs::permissions(shell / "bin" / "casim", fs::perms::owner_all);
    write(shell / "pod.sh", body);
    return sh("env PATH=" + (shell / "bin").string() + ":$PATH " + environment + " sh " +
              (shell / "pod.sh").string() + " >/dev/null 2>&1");
  };
  write(shell / "scenario.json", Repository::scenario("40s"));
  for (const char* index : {"2", "0", "1"}) {
    CHECK(run(script(1), std::string("JOB_COMPLETION_INDEX=") + index) == 0);
  }
  CHECK(run(script(2), "RUNS=3") == 0);
  CHECK(shell
            .run("run " + (shell / "scenario.json").string() + " --runs 3 -q --out " +
                 (shell / "alone").string())
            .exit_code == 0);
  const std::string alone = Shell::read(shell / "alone" / "runs.json");
  CHECK_FALSE(alone.empty());
  CHECK(Shell::read(shell / "out" / "runs.json") == alone);
}

}  // namespace casim::test
