// What happened in one run of a case, loop by loop, in the form of `expect`.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "sim/autoscaler/loop_observer.h"
#include "sim/autoscaler/provider_rpc.h"
#include "sim/kernel/kernel.h"
#include "tests/oracle/little_world.h"

namespace casim::oracle {

struct Mutation {
  TimePoint at{};
  std::string rpc;
  std::string group;
  int delta = 0;
  std::vector<std::string> nodes;
  std::string code;  // Go's name of the gRPC code; empty: OK
};

// As in `expect`, but for the time: compared to the microsecond, and shown as it is written.
nlohmann::json json_of(const Mutation& mutation);

struct LoopRecord {
  int loop = 0;
  TimePoint start{};
  TimePoint end{};
  std::string error;
  std::map<std::string, int> calls;
  std::vector<std::pair<std::string, int>> order;  // runs of equal calls
  std::vector<Mutation> mutations;
  std::vector<std::string> taints;
  std::string status;
  std::map<std::string, int> targets;
  int nodes = 0;
  int pending = 0;
};

class LittleRecord : public sim::LoopObserver {
 public:
  LittleRecord(const LittleWorld& world, sim::Kernel& kernel);

  void on_loop_started(LoopId loop) override;
  void on_loop_ended(LoopId loop, std::string_view error) override;

  void note_call(sim::RpcMethod method);
  void note_mutation(Mutation mutation);
  void note_taint(const std::string& node, const std::string& change);
  void note_status(std::string json);

  // Sorted as `expect` is. Loop 0 is what came before the first one.
  std::vector<LoopRecord> take();

 private:
  const LittleWorld& world_;
  sim::Kernel& kernel_;
  std::vector<LoopRecord> loops_;
};

// "63.9587": the shortest text of microseconds.
std::string time_text(TimePoint t);

}  // namespace casim::oracle
