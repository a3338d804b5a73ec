// The verdict on cases of workload controllers: what differs in anything that is asserted fails.
#include "oracle/workloads/workload_cases.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace casim::oracle;

namespace {

// Two pods fail to be made at first; one is lost later, and all but one are surplus at the end.
nlohmann::json replica_set() {
  return nlohmann::json::parse(R"({
    "id": "rs-99", "family": "rs", "title": "", "determinism": "exact", "given": {
      "created_at_s": 0.5, "duration_s": 60, "replicas": 4,
      "pod": {"start_s": 1, "ready_s": 2, "stop_s": 3},
      "events": [{"t": 0.1, "type": "create_errors", "flag": true},
                 {"t": 0.502, "type": "create_errors", "flag": false},
                 {"t": 20.25, "type": "pod_fail", "value": 2},
                 {"t": 30.25, "type": "scale", "value": 1}]},
    "expect": {"created": [[0.505, 4], [20.25, 1]], "deleted": [[30.25, 3]]}})");
}

CaseResult judge(const nlohmann::json& one) {
  const auto kind = make_workload_kind();
  REQUIRE(kind->is_mine(one));
  return kind->run(one);
}

}  // namespace

TEST_CASE("a case of a workload controller passes with what happens, to the millisecond",
          "[oracle]") {
  nlohmann::json one = replica_set();
  CHECK(judge(one).difference == "");
  one["expect"]["deleted"][0][0] = 30.252;
  CHECK_FALSE(judge(one).passed);
}

TEST_CASE("each list of a case of a workload controller is asserted whole", "[oracle]") {
  nlohmann::json one = replica_set();
  one["expect"]["created"][1][1] = 2;
  CHECK(judge(one).difference.starts_with("created: "));
  one = replica_set();
  one["expect"]["created"].erase(1);
  CHECK_FALSE(judge(one).passed);
  one = replica_set();
  one["expect"]["deleted"] = nlohmann::json::array();
  CHECK(judge(one).difference.starts_with("deleted: "));
}

TEST_CASE("what a case says and nobody knows is an error", "[oracle]") {
  nlohmann::json one = replica_set();
  one["expect"]["no_such_list"] = nlohmann::json::array();
  CHECK_THROWS(judge(one));
  one = replica_set();
  one["given"]["no_such_key"] = 1;
  CHECK_THROWS(judge(one));
  one = replica_set();
  one["given"]["pod"]["no_such_key"] = 1;
  CHECK_THROWS(judge(one));
  one = replica_set();
  one["given"]["events"][0]["type"] = "no_such_event";
  CHECK_THROWS(judge(one));
}

TEST_CASE("a family that is not built fails, and says so", "[oracle]") {
  nlohmann::json one = replica_set();
  one["family"] = "no-such-family";
  CHECK_FALSE(judge(one).passed);
  CHECK_FALSE(judge(one).skipped);
  CHECK(judge(one).difference == "the family no-such-family is not built");
}

TEST_CASE("the exceptions of a case change the pods that they name", "[oracle]") {
  nlohmann::json one = replica_set();
  one["given"]["events"].erase(1);
  one["given"]["events"].erase(0);
  one["given"]["pod_by_number"] = {{"1", {{"start_s", 1}, {"run_s", 10}, {"fail", true}}}};
  one["given"]["pod_from_number"] = {5, {{"bind_s", -1}}};
  // The second ends at 11.5; its successor is number 4, that of the third number 5, which never
  // runs and goes first.
  one["expect"]["created"] = nlohmann::json::parse("[[0.5, 4], [11.5, 1], [20.25, 1]]");
  CHECK(judge(one).difference == "");
}
