// What users write as faults: read, checked, and written back.
#include "sim/faults/check.h"
#include "sim/faults/fault.h"
#include "tests/catch.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

struct Reading {
  Fault fault;
  std::string problems;
};

// In a run of an hour with the groups "general" and "gpu".
Reading read(const std::string& json) {
  Reading out;
  config::Problems problems;
  const auto document = config::parse_text(json, config::Format::kJson, {}, problems);
  REQUIRE(document);
  config::read(*document, out.fault, problems);
  const FaultSurroundings surroundings{.duration = 1h,
                                       .node_groups = {"general", "gpu"},
                                       .spot_groups = {"gpu"},
                                       .zones = {"us-east-1a", "us-east-1b"},
                                       .instance_types = {"m6i.large", "g5.xlarge"}};
  out.fault.check(FaultCheck(surroundings, "faults[2]", *document, problems));
  out.problems = problems.text();
  return out;
}

bool says(const Reading& reading, const std::string& part) {
  return reading.problems.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each kind of fault is read by its own name and members", "[faults]") {
  const Reading crash = read(R"({"kind": "provider_crash", "at": "2m", "down_for": "7s"})");
  CHECK(crash.problems == "");
  CHECK(std::get<ProviderCrashFault>(crash.fault.body).down_for == 7s);

  const Reading rpc = read(R"({"kind": "rpc", "from": "5m", "to": "6m", "method": "Refresh",
      "group": "gpu", "code": "DEADLINE_EXCEEDED", "applied": true, "latency": "7s"})");
  CHECK(rpc.problems == "");
  const auto& wrong = std::get<RpcFault>(rpc.fault.body);
  CHECK(wrong.method == RpcMethod::kRefresh);
  CHECK(wrong.code == GrpcCode::kDeadlineExceeded);
  CHECK(wrong.latency == 7s);

  const Reading vanish = read(R"({"kind": "machine_vanishes", "at": "10m", "group": "general"})");
  CHECK(vanish.problems == "");
  CHECK(std::get<MachineVanishesFault>(vanish.fault.body).count == 1);

  const Reading outage = read(R"({"kind": "ec2_outage", "at": "5m", "for": "10m"})");
  CHECK(outage.problems == "");
  const auto& down = std::get<Ec2OutageFault>(outage.fault.body);
  CHECK(down.times.at == 5min);
  CHECK(down.times.length == 10min);
  CHECK(down.scope.actions.empty());
}

TEST_CASE("the faults of EC2 are read with their scope and strength", "[faults]") {
  const Reading slow = read(R"({"kind": "ec2_brownout", "at": "1m", "for": "2m", "share": 0.5,
      "actions": ["RunInstances"], "zones": ["us-east-1b"], "instance_types": ["g5.xlarge"],
      "groups": ["gpu"], "latency_factor": 4, "delay": {"uniform": {"min": "1s", "max": "3s"}}})");
  CHECK(slow.problems == "");
  const auto& brownout = std::get<Ec2BrownoutFault>(slow.fault.body);
  CHECK(brownout.scope.share == 0.5);
  CHECK(brownout.scope.actions == std::vector{ec2::Action::kRunInstances});
  CHECK(brownout.latency_factor == 4);
  CHECK(brownout.delay.quantile(0.5) == 2);

  const Reading wrong = read(R"({"kind": "ec2_errors", "at": "1m", "for": "2m",
      "errors": [{"code": "InternalError", "weight": 3}, {"code": "RequestLimitExceeded"}]})");
  CHECK(wrong.problems == "");
  const auto& errors = std::get<Ec2ErrorsFault>(wrong.fault.body).errors;
  REQUIRE(errors.size() == 2);
  CHECK(errors[1].code == ec2::ErrorCode::kRequestLimitExceeded);

  const Reading reset = read(R"({"kind": "connection_reset", "at": "1m", "for": "2m",
      "when": "before"})");
  CHECK(reset.problems == "");
  CHECK(std::get<ConnectionResetFault>(reset.fault.body).when == ResetWhen::kBefore);
}

TEST_CASE("what is written of a fault is read again as the same", "[faults]") {
  const std::string json =
      GENERATE(R"({"kind": "provider_crash", "at": "2m", "down_for": "7s"})",
               R"({"kind": "rpc", "from": "5m", "to": "6m", "code": "OK", "latency": "1s"})",
               R"({"kind": "rpc", "from": "5m", "to": "6m", "method": "NodeGroupTargetSize"})",
               R"({"kind": "machine_vanishes", "at": "10m", "group": "general", "count": 3})",
               R"({"kind": "ec2_outage", "at": "5m", "for": "10m", "actions": ["RunInstances"]})",
               R"({"kind": "ec2_brownout", "at": "5m", "for": "10m", "delay": "3s"})",
               R"({"kind": "ec2_errors", "at": "5m", "for": "10m", "share": 0.1,
                   "errors": [{"code": "Unavailable", "weight": 2}]})",
               R"({"kind": "ec2_throttle", "at": "5m", "for": "10m", "tokens_taken": 0.9})",
               R"({"kind": "capacity_loss", "at": "5m", "for": "10m", "zones": ["us-east-1a"]})",
               R"({"kind": "connection_reset", "at": "5m", "for": "10m", "when": "before"})",
               R"({"kind": "connection_reset", "at": "5m", "for": "10m", "cut": "in_body"})",
               R"({"kind": "launch_failure", "at": "5m", "for": "10m", "share": 0.5,
                   "state_reason": "Client.InternalError"})",
               R"({"kind": "rpc_connection", "at": "5m", "for": "10m", "state": "silent"})",
               R"({"kind": "rpc", "from": "5m", "to": "6m", "share": 0.5, "drop": true})",
               R"({"kind": "rpc_wrong_answer", "at": "5m", "for": "10m", "answer": "stale",
                   "age": "3m"})",
               R"({"kind": "rpc_wrong_answer", "at": "5m", "for": "10m", "group": "gpu",
                   "answer": "wrong_target", "offset": -2})",
               R"({"kind": "autoscaler_crash", "at": "2m"})",
               R"({"kind": "autoscaler_crash", "at": "2m", "down_for": "2s"})",
               R"({"kind": "api_outage", "at": "5m", "for": "10m"})",
               R"({"kind": "api_outage", "at": "5m", "for": "10m", "delay": "3s"})",
               R"({"kind": "provider_crash", "every": {"mean_time_between":
                   {"exponential": {"mean": "2h"}}}})",
               R"({"kind": "ec2_outage", "every": {"mean_time_between": "2h",
                   "mean_time_to_repair": {"p50": "1m", "p99": "9m"}}})");
  const Reading first = read(json);
  CHECK(first.problems == "");
  const std::string written = config::to_json(config::write(first.fault));
  const Reading again = read(written);
  CHECK(again.problems == "");
  CHECK(config::to_json(config::write(again.fault)) == written);
}

TEST_CASE("a wrong name in a fault is told with the nearest right one", "[faults]") {
  struct Row {
    const char* json;
    const char* path;
    const char* nearest;
  };

  const Row row = GENERATE(values<Row>({
      {R"({"kind": "provider_crush", "at": "1s"})", "kind: ", "\"provider_crash\""},
      {R"({"kind": "machine_vanishes", "at": "1s", "group": "genral"})",
       "faults[2].group: unknown node group \"genral\"", "\"general\""},
      {R"({"kind": "rpc", "from": "1s", "to": "2s", "group": "gpus"})",
       "faults[2].group: unknown node group \"gpus\"", "\"gpu\""},
      {R"({"kind": "rpc", "from": "1s", "to": "2s", "method": "IncreaseSize"})",
       "method: ", "\"NodeGroupIncreaseSize\""},
      {R"({"kind": "rpc", "from": "1s", "to": "2s", "code": "UNAVAILABEL"})",
       "code: ", "\"UNAVAILABLE\""},
      {R"({"kind": "ec2_outage", "at": "1s", "for": "1s", "actions": ["RunInstance"]})",
       "actions[0]: ", "\"RunInstances\""},
      {R"({"kind": "ec2_outage", "at": "1s", "for": "1s", "groups": ["gpu", "genral"]})",
       "faults[2].groups[1]: unknown node group \"genral\"", "\"general\""},
      {R"({"kind": "capacity_loss", "at": "1s", "for": "1s", "zones": ["us-east-1v"]})",
       "faults[2].zones[0]: unknown zone of a node group", "\"us-east-1a\""},
      {R"({"kind": "capacity_loss", "at": "1s", "for": "1s", "instance_types": ["m6.large"]})",
       "faults[2].instance_types[0]: unknown instance type of a node group", "\"m6i.large\""},
      {R"({"kind": "ec2_errors", "at": "1s", "for": "1s", "errors": [{"code": "InternalEror"}]})",
       "errors[0].code: ", "\"InternalError\""},
  }));
  CAPTURE(row.json);
  const Reading reading = read(row.json);
  CAPTURE(reading.problems);
  CHECK(says(reading, row.path));
  CHECK(says(reading, "did you mean " + std::string(row.nearest) + "?"));
}

TEST_CASE("a fault that begins when the run is over is warned of", "[faults]") {
  const std::string json = GENERATE(R"({"kind": "provider_crash", "at": "1h"})",
                                    R"({"kind": "machine_vanishes", "at": "1h", "group": "gpu"})",
                                    R"({"kind": "rpc", "from": "1h", "to": "2h"})",
                                    R"({"kind": "ec2_outage", "at": "1h", "for": "1m"})");
  CAPTURE(json);
  CHECK(says(read(json), "never happens: the run is over by then"));
}

TEST_CASE("an interruption that finds no Spot machine is warned of", "[faults]") {
  CHECK(says(read(R"({"kind": "spot_interruption", "at": "1m", "groups": ["general"]})"),
             "faults[2].groups: befalls nothing: none of these has lifecycle spot"));
  CHECK(read(R"({"kind": "spot_interruption", "at": "1m"})").problems == "");
  CHECK(read(R"({"kind": "spot_interruption", "at": "1m", "groups": ["gpu"]})").problems == "");
}

TEST_CASE("a fault that says when in no way, or in two, is refused", "[faults]") {
  struct Row {
    const char* json;
    const char* problem;
  };

  const Row row = GENERATE(values<Row>({
      {R"({"kind": "ec2_outage", "for": "1m"})", "at: missing, and there is no every"},
      {R"({"kind": "ec2_outage", "at": "1m"})", "for: missing"},
      {R"({"kind": "rpc", "from": "1m"})", "to: missing"},
      {R"({"kind": "rpc", "to": "1m"})", "to: has no meaning without from"},
      {R"({"kind": "ec2_outage", "at": "1m", "for": "1m", "every": {"mean_time_between": "1h"}})",
       "at: contradicts every"},
      {R"({"kind": "ec2_outage", "every": {"mean_time_between": "1h"}})",
       "every: mean_time_to_repair is missing"},
      {R"({"kind": "ec2_outage", "for": "1m",
           "every": {"mean_time_between": "1h", "mean_time_to_repair": "1m"}})",
       "for: contradicts mean_time_to_repair"},
      {R"({"kind": "machine_vanishes", "group": "gpu",
           "every": {"mean_time_between": "1h", "mean_time_to_repair": "1m"}})",
       "every: mean_time_to_repair has no meaning"},
  }));
  CAPTURE(row.json);
  const Reading reading = read(row.json);
  CAPTURE(reading.problems);
  CHECK(says(reading, row.problem));
}

TEST_CASE("a fault that could do nothing, or what it says of nothing, is refused", "[faults]") {
  struct Row {
    const char* json;
    const char* problem;
  };

  const Row row = GENERATE(values<Row>({
      {R"({"kind": "ec2_brownout", "at": "1m", "for": "1m"})", "changes nothing"},
      {R"({"kind": "ec2_errors", "at": "1m", "for": "1m", "errors": []})", "errors: "},
      {R"({"kind": "ec2_errors", "at": "1m", "for": "1m",
           "errors": [{"code": "UnfulfillableCapacity"}]})",
       "code: is no error of a call"},
      {R"({"kind": "ec2_outage", "at": "1m", "for": "1m", "actions": ["DescribeInstances"],
           "zones": ["us-east-1a"]})",
       "actions: must have RunInstances"},
      {R"({"kind": "rpc", "from": "1m", "to": "2m", "drop": true, "latency": "1s"})", "drop: "},
      {R"({"kind": "capacity_loss", "at": "1m", "for": "1m", "zones": [""]})", "zones[0]: "},
      {R"({"kind": "rpc_wrong_answer", "at": "1m", "for": "1m", "answer": "wrong_target",
           "offset": 0})",
       "offset: changes nothing"},
      {R"({"kind": "ec2_throttle", "at": "1m", "for": "1m", "tokens_taken": 1, "share": 0.5})",
       "tokens_taken: "},
  }));
  CAPTURE(row.json);
  const Reading reading = read(row.json);
  CAPTURE(reading.problems);
  CHECK(says(reading, row.problem));
}

TEST_CASE("a fault may go on when the run is over", "[faults]") {
  CHECK(read(R"({"kind": "rpc", "from": "59m", "to": "61m"})").problems == "");
}

}  // namespace casim::sim
