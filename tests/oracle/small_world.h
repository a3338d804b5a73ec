// Small worlds for tests, and what the autoscaler does in them. A Refresh takes kRefresh, nothing
// else takes time, so every instant can be computed.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "oracle/loops/loop_cases.h"

namespace casim::oracle {

using Json = nlohmann::json;

inline constexpr Duration kRefresh = std::chrono::milliseconds(20);
inline constexpr Duration kScan = std::chrono::seconds(10);       // --scan-interval
inline constexpr Duration kTaintDelay = std::chrono::seconds(5);  // --node-delete-delay-after-taint
inline constexpr Duration kTimeout = std::chrono::seconds(5);     // of an RPC

inline double in_s(Duration d) { return to_seconds(d); }

struct Little {
  Json given;

  Little(Duration duration, std::vector<std::string> flags) {
    given = Json{{"flags", std::move(flags)},        {"duration_s", in_s(duration)},
                 {"grpc_timeout_s", in_s(kTimeout)}, {"latency_s", {{"Refresh", in_s(kRefresh)}}},
                 {"groups", Json::array()},          {"static_nodes", Json::array()},
                 {"workloads", Json::array()},       {"events", Json::array()},
                 {"faults", Json::array()}};
    given["workloads"].push_back(
        {{"name", "w"}, {"kind", "ReplicaSet"}, {"cpu_m", 1500}, {"memory_mib", 64}});
  }

  // One pod of "w" fits on a node.
  Json& group(int initial) {
    const Json node{{"cpu_m", 2000}, {"memory_mib", 4096}, {"pods", 10}};
    given["groups"].push_back(
        {{"id", "g"}, {"min", 0}, {"max", 10}, {"initial", initial}, {"template", node}});
    given["groups"].back()["launches"] = Json::array();
    return given["groups"].back();
  }

  static Json launch(int from, int to, const char* outcome, Duration after) {
    return {{"from", from},
            {"to", to},
            {"outcome", outcome},
            {"after_s", in_s(after)},
            {"ready_after_s", 0}};
  }

  void pods(Duration at, int count) {
    given["events"].push_back(
        {{"t", in_s(at)}, {"type", "pods"}, {"workload", "w"}, {"count", count}});
  }

  void remove_pods(Duration at, int count) {
    given["events"].push_back(
        {{"t", in_s(at)}, {"type", "delete"}, {"workload", "w"}, {"count", count}});
  }

  Json& fault(const char* rpc, Duration from, Duration to, int code) {
    given["faults"].push_back(
        {{"rpc", rpc}, {"from", in_s(from)}, {"to", in_s(to)}, {"code", code}});
    return given["faults"].back();
  }

  std::vector<LoopRecord> run(int version = sim::kNewestVersion) const {
    return run_little_world(given, version).loops;
  }
};

// Starts of loops in a world where nothing happens.
struct Grid {
  Duration scan = kScan;

  Duration start(int loop) const { return loop * scan + (loop - 1) * kRefresh; }

  // The first loop that starts later than `t`.
  Duration start_after(Duration t) const {
    int loop = 1;
    while (start(loop) <= t) ++loop;
    return start(loop);
  }
};

struct Made {
  Duration at;
  Mutation mutation;
};

inline std::vector<Made> mutations(const std::vector<LoopRecord>& loops, const std::string& rpc) {
  std::vector<Made> result;
  for (const LoopRecord& loop : loops) {
    for (const Mutation& m : loop.mutations) {
      if (m.rpc == rpc) result.push_back({m.at - kTimeZero, m});
    }
  }
  return result;
}

inline std::vector<Duration> times(const std::vector<LoopRecord>& loops, const std::string& rpc) {
  std::vector<Duration> result;
  for (const Made& made : mutations(loops, rpc)) result.push_back(made.at);
  return result;
}

// Index of the loop that ended when the order left.
inline std::size_t loop_at(const std::vector<LoopRecord>& loops, Duration order) {
  std::size_t i = 1;
  while (i < loops.size() && loops[i].end < kTimeZero + order) ++i;
  return i;
}

inline constexpr const char* kIncrease = "NodeGroupIncreaseSize";
inline constexpr const char* kDelete = "NodeGroupDeleteNodes";
inline constexpr const char* kDecrease = "NodeGroupDecreaseTargetSize";

}  // namespace casim::oracle
