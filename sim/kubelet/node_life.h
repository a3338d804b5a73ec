// The life of a node as its kubelet has it: a running machine boots, registers its Node object,
// becomes Ready and gives signs of life; when the machine stops, pods and signs stop with it. What
// becomes of the object then is the controllers' affair. Source: ec2.md 5.2, algorithm 5.6.
// Hears of machines through ForwardInstances (sim/ec2/instance_listener.h). Draws are named by
// instance, whose id hangs on pool and number of launch.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/apiserver/node_heartbeats.h"
#include "sim/cluster/objects.h"
#include "sim/kernel/kernel.h"
#include "sim/kubelet/pod_runner.h"
#include "sim/kubelet/startup_taint.h"
#include "src/core/distribution.h"
#include "src/core/random.h"
#include "src/ec2/types.h"

namespace casim::sim {

// Running -> kubelet start by image: al2023, al2_tuned, al2_untuned, bottlerocket, custom_slow,
// hardened, windows (ec2.md 5.2, F). Nothing: no such image.
std::optional<Distribution> boot_of_image(std::string_view image);
std::vector<std::string> node_images();

struct NodeLifeConfig {
  Distribution boot = Distribution::lognormal(24, 0.25);          // al2023, ec2.md 5.2 (F)
  Distribution register_after = Distribution::lognormal(1, 0.4);  // kubelet start -> object (F)
  Distribution ready_after = Distribution::lognormal(8, 0.7);     // object -> Ready (F)
  // Boots, but no node ever comes. ec2.md 5.5 assumes 0.003; zero until fault schedules exist.
  double never_registers = 0;
  Duration lease_period = std::chrono::seconds(10);  // algorithm 5.6
  Duration status_period = std::chrono::minutes(5);  // likewise, while nothing changes
  std::string group_tag = "casim:group";             // names the group on a machine
};

// What nodes of one group look like: the template of the group.
struct NodeBlueprint {
  Labels labels;
  std::vector<Taint> taints;
  std::optional<StartupTaint> startup_taint;
  Resources capacity;
  Resources allocatable;
};

class NodeLife {
 public:
  // All of them outlive it. Machines of a group that is not among `groups` are ignored.
  NodeLife(Kernel& kernel, ApiServer& api, NodeHeartbeats& heartbeats, const Random& random,
           PodRunner& pods, std::map<std::string, NodeBlueprint> groups, NodeLifeConfig config);
  NodeLife(const NodeLife&) = delete;
  NodeLife& operator=(const NodeLife&) = delete;

  void on_running(const ec2::Instance& instance);
  void on_terminating(const ec2::Instance& instance);
  void on_terminated(const ec2::Instance& instance);

  // Initial state: the machine's node is there and Ready. Requires: a machine of a known group.
  NodeId add_initial_node(const ec2::Instance& instance);

  // What may befall a node beside its machine's end. Nothing happens to one that is no machine's,
  // or whose machine is off.
  void crash(NodeId node);                  // the machine hangs: it exists, but nothing runs there
  void set_ready(NodeId node, bool ready);  // its kubelet says so
  // No machine of the group registers before `until`; what would have, does then.
  void hold_join(const std::string& group, TimePoint until);

  // No node: not registered yet, or gone.
  NodeId node_of(const std::string& instance_id) const;

 private:
  struct Machine {
    std::string group;
    NodeId node;
    EventHandle next;
    bool is_off = false;
  };

  Machine* machine_of(NodeId node);
  const std::string* group_of(const ec2::Instance& instance) const;
  void join(const ec2::Instance& instance);
  void become_ready(const std::string& instance_id);
  NodeId register_node(const ec2::Instance& instance, bool ready);
  void begin_heartbeat(const ec2::Instance& instance, NodeId node, bool is_initial);
  void stop(Machine& machine);
  Duration draw(const Distribution& delay, std::string_view purpose,
                const std::string& instance_id) const;

  Kernel& kernel_;
  ApiServer& api_;
  NodeHeartbeats& heartbeats_;
  const Random& random_;
  PodRunner& pods_;
  std::map<std::string, NodeBlueprint> groups_;
  NodeLifeConfig config_;
  std::map<std::string, TimePoint> held_until_;             // joins, by group
  std::unordered_map<std::string, Machine> machines_;       // by instance; looked up, never walked
  std::unordered_map<NodeId::rep, std::string> instances_;  // by node, while it has a machine
};

}  // namespace casim::sim
