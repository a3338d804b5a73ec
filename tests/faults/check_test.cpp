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
  const FaultSurroundings surroundings{.duration = 1h, .node_groups = {"general", "gpu"}};
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
  CHECK(down.length == 10min);
  CHECK_FALSE(down.action);
}

TEST_CASE("what is written of a fault is read again as the same", "[faults]") {
  const std::string json =
      GENERATE(R"({"kind": "provider_crash", "at": "2m", "down_for": "7s"})",
               R"({"kind": "rpc", "from": "5m", "to": "6m", "code": "OK", "latency": "1s"})",
               R"({"kind": "rpc", "from": "5m", "to": "6m", "method": "NodeGroupTargetSize"})",
               R"({"kind": "machine_vanishes", "at": "10m", "group": "general", "count": 3})",
               R"({"kind": "ec2_outage", "at": "5m", "for": "10m", "action": "RunInstances"})");
  const Reading first = read(json);
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
      {R"({"kind": "ec2_outage", "at": "1s", "for": "1s", "action": "RunInstance"})",
       "action: ", "\"RunInstances\""},
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

TEST_CASE("a fault may go on when the run is over", "[faults]") {
  CHECK(read(R"({"kind": "rpc", "from": "59m", "to": "61m"})").problems == "");
}

}  // namespace casim::sim
