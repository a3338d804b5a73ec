// `given` of a loop case, as written: a small world of node groups, pods, events and faults.
// Members are named after the keys; times are from the start of the world. Source of all rules:
// cases/README.md, "Loops".
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "oracle/judge/strict_json.h"
#include "sim/autoscaler/options/options.h"
#include "sim/cluster/objects.h"
#include "src/core/time.h"

namespace casim::oracle {

// What every node of a group has.
struct NodeTemplate {
  Resources resources;
  sim::Labels labels;
  std::vector<sim::Taint> taints;
};

// What the group's nodes have otherwise than its template says.
struct RegisteredGiven {
  sim::Labels labels;
  std::vector<std::string> without_labels;
  std::optional<Resources> allocatable;
};

// A taint that new nodes bear until so long after they are Ready.
struct StartupTaintGiven {
  sim::Taint taint;
  Duration removed_after{};
};

// The node comes, the launch fails, or nothing ever happens.
enum class LaunchOutcome { kOk, kError, kNever };

// What becomes of the group's launches number `from` to `to`.
struct LaunchRule {
  int from = 0;
  int to = 0;  // 0: no end
  LaunchOutcome outcome = LaunchOutcome::kOk;
  Duration after = std::chrono::seconds(60);
  Duration ready_after = std::chrono::seconds(10);
  std::string code;
  int error_class = 99;
};

// The group's answer to GetOptions.
struct GroupOptions {
  double utilization_threshold = 0.5;
  double gpu_utilization_threshold = 0.5;
  Duration unneeded{};
  Duration unready{};
  Duration provision{};
  bool zero_or_max = false;
  bool ignore_daemonsets = false;
};

// A node group of the provider. Prices in US dollars an hour.
struct GroupGiven {
  std::string id;
  int min = 0;
  int max = 0;
  int initial = 0;
  NodeTemplate node;
  RegisteredGiven registered;
  std::optional<StartupTaintGiven> startup_taint;
  std::vector<LaunchRule> launches;
  Duration terminate_after{};
  double price = 0;
  std::optional<GroupOptions> options;
  bool has_template = true;
  bool hide_creating = false;
  bool clamp_decrease = false;
};

// Pods that share a spec, and their owner.
struct WorkloadGiven {
  std::string name;
  sim::PodSpecPtr spec;
  Duration run_for{};  // 0: for ever
  std::optional<int> pdb_disruptions_allowed;
};

// Pods are created or deleted; a node's condition changes; a machine is gone.
enum class EventType { kPods, kDelete, kReady, kUnready, kVanish };
// Which pods a deletion takes.
enum class Pick { kNewest, kOldest, kAlternate };

// Something that happens to the world from outside.
struct EventGiven {
  TimePoint at{};
  EventType type = EventType::kPods;
  std::string workload;
  int count = 0;
  std::string node;
  Pick pick = Pick::kNewest;
};

// Answers that are not true: as they were so long ago; a target so many off; without the first
// instances of the list; with running ones that nobody has.
struct StaleGiven {
  Duration age{};
};

struct WrongTargetGiven {
  int offset = 0;
};

struct MissingGiven {
  int count = 0;
};

struct UnknownGiven {
  int count = 0;
};

using WrongGiven = std::variant<StaleGiven, WrongTargetGiven, MissingGiven, UnknownGiven>;

// While from <= t < to, answers of an RPC are refused, slow or wrong.
struct FaultGiven {
  TimePoint from{};
  TimePoint to{};
  std::string rpc;
  std::string group;  // empty: all
  int code = 0;       // 0: only slow
  std::string message;
  bool applied = false;
  std::optional<Duration> latency;
  std::optional<WrongGiven> wrong;
};

// A node of no group.
struct StaticNode {
  std::string name;
  NodeTemplate node;
};

// The whole of `given`.
struct LittleCase {
  sim::Flags flags;
  TimePoint end{};
  Duration grpc_timeout{};
  std::map<std::string, Duration> latency;  // by RPC
  std::vector<GroupGiven> groups;
  std::vector<StaticNode> static_nodes;
  std::vector<WorkloadGiven> workloads;
  std::vector<EventGiven> events;
  std::vector<FaultGiven> faults;
  std::string gpu_label;
  bool pricing = false;
  std::optional<std::string> priority_expander;
  // Pods are placed by the scheduler's model with so many writes a second (0: no limit), not by the
  // world's own rule.
  std::optional<double> scheduler_qps;

  bool has_stale_answers() const;  // so that the past must be known
};

// Throws std::runtime_error on a key that is not known or a value that is not right.
LittleCase parse_little_case(const Json& given);

// Decimals of seconds, exact in microseconds.
Duration exact_seconds(double s);

}  // namespace casim::oracle
