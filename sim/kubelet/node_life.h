// The life of a node: a running machine boots, registers its Node object, becomes Ready; when the
// machine stops, its pods stop with it, the object turns NotReady after the monitor's grace and is
// deleted soon after the machine is terminated. Source: ec2.md 5.2, algorithm 5.6.
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
#include "sim/cluster/objects.h"
#include "sim/kernel/kernel.h"
#include "sim/kubelet/pod_runner.h"
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
  // No status for so long: NotReady (algorithm 5.6: 50 s since 1.32).
  Duration monitor_grace = std::chrono::seconds(50);
  // Terminated -> Node object deleted. Assumed: one period of the node controllers' check (5.6).
  Duration delete_after = std::chrono::seconds(5);
  std::string group_tag = "casim:group";  // names the group on a machine
};

// What nodes of one group look like: the template of the group.
struct NodeBlueprint {
  Labels labels;
  std::vector<Taint> taints;
  Resources capacity;
  Resources allocatable;
};

class NodeLife {
 public:
  // All of them outlive it. Machines of a group that is not among `groups` are ignored.
  NodeLife(Kernel& kernel, ApiServer& api, const Random& random, PodRunner& pods,
           std::map<std::string, NodeBlueprint> groups, NodeLifeConfig config);
  NodeLife(const NodeLife&) = delete;
  NodeLife& operator=(const NodeLife&) = delete;

  void on_running(const ec2::Instance& instance);
  void on_terminating(const ec2::Instance& instance);
  void on_terminated(const ec2::Instance& instance);

  // Initial state: the machine's node is there and Ready. Requires: a machine of a known group.
  NodeId add_initial_node(const ec2::Instance& instance);

  // No node: not registered yet, or gone.
  NodeId node_of(const std::string& instance_id) const;

 private:
  struct Machine {
    std::string group;
    NodeId node;
    EventHandle next;
    bool is_off = false;
  };

  const std::string* group_of(const ec2::Instance& instance) const;
  NodeId register_node(const ec2::Instance& instance, bool ready);
  void stop(Machine& machine);
  Duration draw(const Distribution& delay, std::string_view purpose,
                const std::string& instance_id) const;

  Kernel& kernel_;
  ApiServer& api_;
  const Random& random_;
  PodRunner& pods_;
  std::map<std::string, NodeBlueprint> groups_;
  NodeLifeConfig config_;
  std::unordered_map<std::string, Machine> machines_;  // by instance; looked up, never walked
};

}  // namespace casim::sim
