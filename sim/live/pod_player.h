// The kubelets of a fleet as far as real pods are concerned: a pod that the scheduler has bound to
// one of its nodes starts to run after the scenario's start latency, and for ever; one that is
// being deleted is gone when its containers have stopped, or after its grace period; those of a
// node that is gone are deleted. On a machine that is off nothing happens. No container runs
// anywhere.
//
// Pods are listed every second; their latencies are the machines', so as fast as those live.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/event_handle.h"
#include "sim/kubelet/node_life.h"
#include "sim/kubelet/pod_runner.h"
#include "sim/live/mirror_ports.h"
#include "sim/live/node_mirror.h"
#include "src/core/random.h"

namespace casim::sim {

class PodPlayer {
 public:
  struct Totals {
    std::int64_t started = 0;
    std::int64_t deleted = 0;
    std::int64_t failures = 0;  // requests and lists that were tried again
  };

  struct Parts {  // all outlive it
    const NodeMirror& nodes;
    const NodeLife& machines;
    const Random& random;
  };

  // Of the configuration `start` and `stop` count.
  PodPlayer(MirrorPorts ports, Parts parts, PodRunnerConfig config)
      : ports_(std::move(ports)), parts_(parts), config_(std::move(config)) {}

  ~PodPlayer();
  PodPlayer(const PodPlayer&) = delete;
  PodPlayer& operator=(const PodPlayer&) = delete;

  // Lists and plays for as long as it is not cancelled.
  Awaitable<void> play();

  const Totals& totals() const { return totals_; }

 private:
  enum class Stage : std::uint8_t { kStarting, kRunning, kStopping, kGone };

  // A pod of the fleet.
  struct Task {
    std::string namespace_name;
    std::string name;
    std::string node;
    nlohmann::json pod;  // as it was listed, until it runs
    Stage stage = Stage::kStarting;
    EventHandle next{};
    bool is_due = false;      // its latency is over
    bool is_busy = false;     // a task writes it
    std::uint64_t round = 0;  // of the list that has it
  };

  Awaitable<Result<void>> look();
  void see(const nlohmann::json& pod);
  void begin(const std::string& uid, Task& task, Stage stage, Duration latency);
  void become_due(const std::string& uid);
  void act(const std::string& uid, Task& task);
  bool can_act(const std::string& node) const;
  Awaitable<void> run(std::string uid);
  Awaitable<void> remove(std::string uid);
  void forget_unseen();
  Duration draw(const Distribution& latency, const char* purpose, const std::string& uid) const;
  Duration time_to_stop(const nlohmann::json& pod, const std::string& uid) const;

  MirrorPorts ports_;
  Parts parts_;
  PodRunnerConfig config_;
  std::map<std::string, Task> tasks_;  // by uid; addresses hold
  std::uint64_t round_ = 0;
  std::string said_;  // the last complaint
  Totals totals_;
};

}  // namespace casim::sim
