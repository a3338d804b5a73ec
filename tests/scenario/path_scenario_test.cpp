// Scenarios that name a path to EC2, a registration and credentials.
#include "tests/catch.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

std::string path_problems(std::vector<std::string> overrides) {
  config::Problems problems;
  load_scenario({"scenarios/paths-burst.json", std::move(overrides)}, problems);
  return problems.text();
}

std::size_t machines_at_end(const std::string& facts) {
  return facts_named(facts, "InstanceLaunched").size() -
         facts_named(facts, "InstanceTerminated").size();
}

}  // namespace

TEST_CASE("each path brings the nodes that pods wait for and takes them back", "[scenario]") {
  Scenario s = small_scenario(40);
  s.duration = 90min;
  const int path = GENERATE(0, 1, 2);
  CAPTURE(path);
  if (path == 1) s.provider.path.body = CrossplaneConfig();
  if (path == 2) s.provider.path.body = ClusterApiPathConfig();
  const Ran ran = run_whole(s, {.check_invariants = true});
  CHECK(ran.summary.pods.completed == 40);
  CHECK(ran.summary.leaked == 0);
  CHECK(ran.summary.doubled == 0);
  CHECK(machines_at_end(ran.facts) == 0);
  // Seven and the one that was there: none more than the pods need, and that one that was there
  // stays as long as it is needed.
  CHECK(facts_named(ran.facts, "InstanceLaunched").size() == 8);
  CHECK(first_fact(ran.facts, "NodeNotReady") > 10min);
  CHECK(run_whole(s).summary.digest == ran.summary.digest);
  WorldOptions on_wire;
  on_wire.rpc_on_wire = true;
  CHECK(run_whole(s, on_wire).summary.digest == ran.summary.digest);
}

TEST_CASE("a timed-out create is doubled without a client token, and not with one", "[scenario]") {
  Scenario s = small_scenario(10);
  CrossplaneConfig crossplane;
  const auto token = GENERATE(CrossplaneClientToken::kNone, CrossplaneClientToken::kXrUid);
  crossplane.client_token = token;
  crossplane.observe_url = CrossplaneObserveUrl::kFromReply;
  s.provider.path.body = crossplane;
  ConnectionResetFault reset;
  reset.times.at = 30s;
  reset.times.length = 30s;
  reset.scope.actions = {ec2::Action::kRunInstances};
  s.faults.emplace_back(reset);
  const Ran ran = run_whole(s);
  CHECK(ran.summary.pods.completed == 10);
  CHECK((ran.summary.doubled > 0) == (token == CrossplaneClientToken::kNone));
}

TEST_CASE(
    "a machine that is lost is made again, but by the same token only in vain until it is read",
    "[scenario]") {
  struct Row {
    CrossplaneClientToken token;
    bool report_errors;
    bool is_launched_again;
    bool tries_for_ever;
  };

  const auto row = GENERATE(values<Row>({
      {CrossplaneClientToken::kNone, false, true, false},
      {CrossplaneClientToken::kXrUid, false, false, true},
      {CrossplaneClientToken::kXrUid, true, false, false},
  }));
  CAPTURE(row.token, row.report_errors);
  Scenario s = small_scenario(1);  // on the machine that is there
  s.node_groups[0].min = 1;        // so the autoscaler removes none that does not come
  CrossplaneConfig crossplane;
  crossplane.client_token = row.token;
  crossplane.report_errors = row.report_errors;
  s.provider.path.body = crossplane;
  s.faults.emplace_back(MachineVanishesFault{.at = 12min, .group = "g", .count = 1});
  const Ran ran = run_whole(s, {.check_invariants = true});
  int refused = 0;
  int refused_late = 0;
  for (const nlohmann::json& call : facts_named(ran.facts, "Ec2CallAnswered")) {
    if (call.at("code") != "IdempotentInstanceTerminated") continue;
    ++refused;
    if (call.at("t").get<double>() > to_seconds(30min)) ++refused_late;
  }
  CHECK((refused > 0) == (row.token == CrossplaneClientToken::kXrUid));
  CHECK((refused_late > 0) == row.tries_for_ever);
  // That of the start is told, too.
  CHECK((facts_named(ran.facts, "InstanceLaunched").size() > 1) == row.is_launched_again);
  // The provider frees the slot when it knows.
  CHECK(facts_named(ran.facts, "SlotGone").empty() == row.tries_for_ever);
}

TEST_CASE("a path is refused where it is not one", "[scenario]") {
  struct Row {
    std::vector<std::string> overrides;
    std::string says;
  };

  const auto row = GENERATE(values<Row>({
      {{"provider.path.kind=crosplane"}, "did you mean \"crossplane\"?"},
      {{"provider.path.md_workers=3"}, "provider.path.md_workers: "},
      {{"provider.path.kind=crossplane", "provider.path.md_workers=3"},
       "provider.path.md_workers: "},
      {{"provider.path.kind=crossplane", "provider.path.backoff_max=500ms"},
       "provider.path.backoff_max: is below backoff_base"},
      {{"provider.path.kind=cluster-api", "provider.path.backoff_cap=500ms"},
       "provider.path.backoff_cap: is below min_spacing and backoff_base together"},
      {{"registration.kind=rancher", "registration.token.ttl=0s"}, "registration.token.ttl: "},
      {{"credentials.kind=temporary", "credentials.margin=2h"},
       "credentials.margin: is not below validity"},
      {{"credentials.kind=secret", "credentials.reader=pigeon"}, "credentials.reader: "},
  }));
  const std::string text = path_problems(row.overrides);
  CAPTURE(text);
  CHECK(text.find(row.says) != std::string::npos);
}
