// The life of a node as its kubelet has it: a running machine boots, registers its Node object,
// becomes Ready and gives signs of life; when the machine stops, pods and signs stop with it. What
// becomes of the object then is the controllers' affair. Source: ec2.md 5.2, algorithm 5.6.
// Hears of machines through ForwardInstances (sim/ec2/instance_listener.h). Draws are named by
// instance, whose id hangs on pool and number of launch, and by the number of its boot.
// A static node is a machine of no group, and no business of EC2's.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/apiserver/api_server.h"
#include "sim/apiserver/node_heartbeats.h"
#include "sim/cluster/objects.h"
#include "sim/kernel/kernel.h"
#include "sim/kubelet/boot_conditions.h"
#include "sim/kubelet/node_trouble.h"
#include "sim/kubelet/pod_runner.h"
#include "sim/kubelet/registered_node.h"
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
  Distribution boot = Distribution::lognormal(24, 0.25);  // al2023, ec2.md 5.2 (F)
  // In addition, of a type that is bare metal; ec2.md 5.2.
  Distribution metal_extra = Distribution::lognormal(5, 0.5, 15);
  Distribution register_after = Distribution::lognormal(1, 0.4);  // kubelet start -> object (F)
  Distribution ready_after = Distribution::lognormal(8, 0.7);     // object -> Ready (F)
  // Share of machines that boot, but no node ever comes. ec2.md 5.5 assumes 0.003; zero, so that
  // nothing fails that a scenario does not ask for.
  double never_registers = 0;
  Duration lease_period = std::chrono::seconds(10);  // algorithm 5.6
  Duration status_period = std::chrono::minutes(5);  // likewise, while nothing changes
  std::string group_tag = "casim:group";             // names the group on a machine
};

// What nodes of one group look like: the template of the group, and how they differ from it.
struct NodeBlueprint {
  Labels labels;
  std::vector<Taint> taints;
  std::optional<StartupTaint> startup_taint;
  std::optional<Distribution> devices_after;  // from Ready until it offers extended resources
  Resources capacity;
  Resources allocatable;
  std::optional<RegisteredNode> registered;
};

// A machine as faults choose among them.
struct MachineOfNode {
  std::string name;   // instance id, or the name of a static node
  std::string group;  // empty: a static node
  std::string zone;   // empty: a static node that does not say
  NodeId node;        // none: not registered yet
};

class NodeLife {
 public:
  // All of them outlive it. Machines of a group that is not among `groups` are ignored.
  NodeLife(Kernel& kernel, ApiServer& api, NodeHeartbeats& heartbeats, const Random& random,
           PodRunner& pods, std::map<std::string, NodeBlueprint> groups, NodeLifeConfig config,
           const BootConditions& conditions = normal_boots());
  NodeLife(const NodeLife&) = delete;
  NodeLife& operator=(const NodeLife&) = delete;

  void on_running(const ec2::Instance& instance);
  void on_terminating(const ec2::Instance& instance);
  void on_terminated(const ec2::Instance& instance);

  // Initial state: the machine's node is there and Ready. Requires: a machine of a known group.
  NodeId add_initial_node(const ec2::Instance& instance);
  // Likewise, of no group and no cloud. Requires: the name is free.
  NodeId add_static_node(Node node);

  // Machines that are on, those that boot included, by name.
  std::vector<MachineOfNode> machines() const;
  // As often as a trouble has begun it has to end before it is over. Nothing happens to a machine
  // that is not there or was terminated.
  void begin(const std::string& machine, NodeTrouble trouble);
  void end(const std::string& machine, NodeTrouble trouble);

  // No node: not registered yet, or gone.
  NodeId node_of(const std::string& instance_id) const;
  // Pods on it run, and reach the API server as far as the node goes.
  bool can_act(const std::string& instance_id) const;

 private:
  struct Machine {
    ec2::Instance instance;  // of a static node without id
    std::string group;
    NodeId node;
    EventHandle next;  // of its way to Ready
    BootCourse course;
    std::uint64_t boots = 0;
    std::array<int, kNodeTroubles> troubles{};
    bool is_off = false;       // for good
    bool has_kubelet = false;  // it has booted and lives
    bool has_joined = false;   // since it booted last
    bool is_able = false;      // to run pods: CNI and runtime are up
    bool speaks = false;       // to the API server

    bool has(NodeTrouble trouble) const { return troubles[static_cast<std::size_t>(trouble)] > 0; }
  };

  Machine* find(const std::string& name);  // null: not there, or terminated
  const std::string* group_of(const ec2::Instance& instance) const;
  // The steps of a boot.
  void boot(const std::string& name, Machine& machine);
  void join(const std::string& name);
  void join_again(const std::string& name, Machine& machine);
  void become_able(const std::string& name);
  void await_startup_taint(const std::string& name, Machine& machine);
  void await_devices(const std::string& name, const Machine& machine);
  NodeId register_node(const Machine& machine, bool ready);
  void start_initial(const std::string& name, Machine& machine);
  void start_heartbeat(Machine& machine, Duration ago);
  void post_status(const Machine& machine);
  // What troubles do.
  void power_off(Machine& machine);
  void cut_off(Machine& machine);
  void reconnect(const std::string& name);
  void fall_silent(Machine& machine);
  Duration draw(const Distribution& delay, std::string_view purpose, const std::string& name,
                std::uint64_t n) const;

  Kernel& kernel_;
  ApiServer& api_;
  NodeHeartbeats& heartbeats_;
  const Random& random_;
  PodRunner& pods_;
  std::map<std::string, NodeBlueprint> groups_;
  NodeLifeConfig config_;
  const BootConditions& conditions_;
  std::map<std::string, Machine> machines_;  // by name; addresses hold
};

}  // namespace casim::sim
