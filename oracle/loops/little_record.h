// What happened in one run of a case, loop by loop, in the form of `expect`.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "oracle/loops/little_world.h"
#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "sim/autoscaler/observers/loop_observer.h"
#include "sim/kernel/kernel.h"

namespace casim::oracle {

// A call that changes a group, when it arrives at the provider.
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

// What the autoscaler said of a group, a node or the loop.
struct Reason {
  std::string subject;
  std::string text;    // empty: what was said holds no more
  bool lasts = false;  // until it says something else of the subject
};

// One loop. Members are named after the keys of `expect`.
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
  std::vector<Reason> reasons;
};

// Writes down what the autoscaler calls, writes and says.
class LittleRecord : public sim::LoopObserver {
 public:
  LittleRecord(const LittleWorld& world, sim::Kernel& kernel);

  void on_loop_started(LoopId loop) override;
  void on_results(LoopId loop, const sim::LoopResults& results) override;
  void on_loop_ended(LoopId loop, const sim::LoopEnd& end) override;
  void on_instances_deleted(LoopId loop, const sim::DeletedInstances& deleted) override;
  void on_group_size_fixed(LoopId loop, std::string_view group, int delta) override;
  void on_group_skipped(LoopId loop, std::string_view group, std::string_view reason) override;
  void on_pods_rejected(LoopId loop, std::string_view group, std::string_view reason,
                        int pods) override;
  void on_option_considered(LoopId loop, const sim::ConsideredOption& option) override;
  void on_scale_up_failed(LoopId loop, std::string_view group, std::string_view code,
                          int nodes) override;
  void on_scale_down(LoopId loop, std::string_view node, bool drain) override;
  void on_scale_down_failed(LoopId loop, const sim::FailedRemoval& failed) override;
  void on_node_unremovable(LoopId loop, std::string_view node, std::string_view reason,
                           std::string_view detail) override;

  void note_call(RpcMethod method);
  void note_mutation(Mutation mutation);
  void note_taint(const std::string& node, const std::string& change);
  void note_status(std::string json);

  // Sorted as `expect` is. Loop 0 is what came before the first one.
  std::vector<LoopRecord> take();

 private:
  void say(std::string subject, std::string text, bool lasts);

  const LittleWorld& world_;
  sim::Kernel& kernel_;
  std::vector<LoopRecord> loops_;
};

// "63.9587": the shortest text of microseconds.
std::string time_text(TimePoint t);

}  // namespace casim::oracle
