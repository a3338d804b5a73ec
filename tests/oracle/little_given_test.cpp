// How the little world is told apart from its template, and lied about: each rule of the reader's
// that the recordings rest on.
#include "oracle/loops/told.h"
#include "tests/catch.h"
#include "tests/oracle/small_world.h"

namespace casim::oracle {

using namespace std::chrono_literals;

namespace {

const GroupGiven& group_given() {
  static const GroupGiven kGiven = [] {
    GroupGiven given;
    given.id = "g";
    return given;
  }();
  return kGiven;
}

// Two machines at first, a third from 100 s on.
LittleWorld::Group grown_group() {
  LittleWorld::Group group;
  group.given = &group_given();
  for (int i = 0; i < 3; ++i) {
    auto instance = std::make_shared<Instance>();
    instance->name = "g-" + std::to_string(i);
    instance->state = i == 2 ? InstanceState::kCreating : InstanceState::kRunning;
    group.instances.push_back(instance);
  }
  group.target = 3;
  group.past = {{kTimeZero, 2, {*group.instances[0], *group.instances[1]}},
                {kTimeZero + 100s, 3, {}}};
  return group;
}

std::vector<std::string> names(const std::vector<sim::RpcInstance>& instances) {
  std::vector<std::string> all;
  for (const sim::RpcInstance& one : instances) all.push_back(one.id);
  return all;
}

Json with_wrong(const Json& wrong) {
  Little little(60s, {});
  little.group(1);
  little.given["faults"].push_back(
      {{"from", 0}, {"to", 60}, {"rpc", "NodeGroupNodes"}, {"wrong", wrong}});
  return little.given;
}

}  // namespace

TEST_CASE("a stale answer is of the end of its instant", "[oracle]") {
  const LittleWorld::Group group = grown_group();
  const WrongGiven stale = StaleGiven{30s};
  CHECK(told_target(group, &stale, kTimeZero + 10s) == 2);  // the oldest that is known
  CHECK(told_target(group, &stale, kTimeZero + 130s - 1us) == 2);
  CHECK(told_target(group, &stale, kTimeZero + 130s) == 3);
  CHECK(names(told_instances(group, &stale, kTimeZero + 129s)) ==
        std::vector<std::string>{"casim:///g-0", "casim:///g-1"});
  CHECK(told_instances(group, nullptr, kTimeZero + 129s).size() == 3);
}

TEST_CASE("targets are off, instances missing or made up", "[oracle]") {
  const LittleWorld::Group group = grown_group();
  const WrongGiven off = WrongTargetGiven{-5};
  CHECK(told_target(group, &off, kTimeZero) == 0);
  CHECK(told_target(group, nullptr, kTimeZero) == 3);
  const WrongGiven missing = MissingGiven{2};
  CHECK(names(told_instances(group, &missing, kTimeZero)) ==
        std::vector<std::string>{"casim:///g-2"});
  const WrongGiven all_missing = MissingGiven{4};
  CHECK(told_instances(group, &all_missing, kTimeZero).empty());
  const WrongGiven unknown = UnknownGiven{2};
  const auto told = told_instances(group, &unknown, kTimeZero);
  REQUIRE(told.size() == 5);
  CHECK(told[4].id == "casim:///g-unknown-1");
  CHECK(told[4].state == sim::RpcInstanceState::kRunning);
  CHECK(told_target(group, &unknown, kTimeZero) == 3);
}

TEST_CASE("a wrong answer has the members of its kind and no other", "[oracle]") {
  CHECK_NOTHROW(parse_little_case(with_wrong({{"answer", "stale"}, {"age_s", 30}})));
  CHECK_THROWS(parse_little_case(with_wrong({{"answer", "stale"}, {"offset", 1}})));
  CHECK_THROWS(parse_little_case(with_wrong({{"answer", "unknown_instance"}})));
  CHECK_THROWS_WITH(parse_little_case(with_wrong({{"answer", "untrue"}, {"count", 1}})),
                    "unknown wrong answer untrue");
}

// One pod fits on a node; a node registers and is Ready 20 s after its launch.
TEST_CASE("a node takes pods once its startup taint is off", "[oracle]") {
  Little little(2min, {"--startup-taint=net"});
  Json& group = little.group(0);
  group["launches"].push_back(Little::launch(0, 0, "ok", 20s));
  group["startup_taint"] = {{"key", "net"}, {"effect", "NoSchedule"}, {"removed_after_s", 40}};
  little.pods(0s, 1);
  const auto pending_after = [](const Json& given, Duration end) {
    Json cut = given;
    cut["duration_s"] = in_s(end);
    return run_little_world(cut, sim::kNewestVersion).final.at("pending").get<int>();
  };
  CHECK(pending_after(little.given, 45s) == 1);  // the next loop starts before 0.02 + 60 s
  CHECK(pending_after(little.given, 61s) == 0);
  little.given["workloads"][0]["tolerations"] = {{{"key", "net"}}};
  CHECK(pending_after(little.given, 45s) == 0);
}

TEST_CASE("nodes have labels and room of their own", "[oracle]") {
  Little little(90s, {});
  Json& group = little.group(0);
  group["template"]["labels"] = {{"pool", "p"}};
  group["launches"].push_back(Little::launch(0, 0, "ok", 20s));
  little.given["workloads"][0]["node_selector"] = {{"pool", "p"}};
  little.pods(0s, 1);
  const auto pending = [&] {
    return run_little_world(little.given, sim::kNewestVersion).final.at("pending").get<int>();
  };
  CHECK(pending() == 0);
  group["registered"] = {{"without_labels", {"pool"}}};
  CHECK(pending() == 1);
  group["registered"]["labels"] = {{"pool", "p"}};
  CHECK(pending() == 0);
  group["registered"]["allocatable"] = {{"cpu_m", 1400}, {"memory_mib", 4096}, {"pods", 10}};
  CHECK(pending() == 1);
}

namespace {

// One pod of "w" fits on a node.
int pending_of(const Json& pod, std::vector<std::string> flags = {}) {
  Little little(90s, std::move(flags));
  Json& group = little.group(0);
  group["template"]["labels"] = {{"zone", "a"}};
  group["launches"].push_back(Little::launch(0, 0, "ok", 20s));
  little.given["workloads"][0] = {{"name", "w"}, {"pod", pod}};
  little.given["namespaces"] = Json::array({{{"name", "web"}, {"labels", {{"env", "x"}}}}});
  little.pods(0s, 2);
  return run_little_world(little.given, sim::kNewestVersion).final.at("pending").get<int>();
}

}  // namespace

TEST_CASE("pods in Kubernetes' own fields are read as scenarios read them", "[oracle]") {
  const Json containers = Json::parse(R"([
      {"name": "a", "resources": {"requests": {"cpu": "800m"}}},
      {"name": "b", "resources": {"limits": {"cpu": "700m"}}}])");
  CHECK(pending_of({{"containers", containers}}) == 0);
  Json pod = {{"namespace", "web"}, {"labels", {{"app", "w"}}}, {"containers", containers}};
  pod["topologySpreadConstraints"] = Json::parse(R"([{"topologyKey": "zone", "maxSkew": 1,
      "whenUnsatisfiable": "DoNotSchedule", "minDomains": 2,
      "labelSelector": {"matchLabels": {"app": "w"}}}])");
  CHECK(pending_of(pod) == 1);  // one zone of two: no more than the skew
  Json& spread = pod["topologySpreadConstraints"][0];
  spread["whenUnsatisfiable"] = "ScheduleAnyway";
  CHECK_THROWS(pending_of(pod));  // the API server refuses it, too
  spread.erase("minDomains");
  CHECK(pending_of(pod) == 0);
  pod["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"] =
      Json::parse(R"([{"topologyKey": "zone", "labelSelector": {"matchLabels": {"app": "w"}},
                       "namespaceSelector": {"matchLabels": {"env": "x"}}}])");
  CHECK(pending_of(pod) == 1);
  pod["cpu"] = 1;
  CHECK_THROWS(pending_of(pod));
}

TEST_CASE("a pod without priority is not expendable, one of priority 0 is", "[oracle]") {
  Json pod = Json::parse(R"({"resources": {"requests": {"cpu": "1500m"}}})");
  const std::vector<std::string> flags{"--expendable-pods-priority-cutoff=1"};
  CHECK(pending_of(pod, flags) == 0);
  pod["priority"] = 0;
  CHECK(pending_of(pod, flags) == 2);
  pod["priority"] = 1;
  CHECK(pending_of(pod, flags) == 0);
}

}  // namespace casim::oracle
