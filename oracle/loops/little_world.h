// The little world of a loop case: machines, nodes, pods and the rules by which they live, as
// simple as the recorded autoscaler's world was (cases/README.md, "Loops: the world's rules"), so
// that each difference from the record is the autoscaler's. It stands in for provider, API server,
// kubelets and controllers, feeds its watchers at once, and knows no autoscaler. It places pods by
// its own rule, first fit by name, or leaves that to a scheduler (the closed loops).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "oracle/loops/little_case.h"
#include "sim/cluster/watch.h"
#include "sim/kernel/kernel.h"

namespace casim::oracle {

// As the provider lists it.
enum class InstanceState { kCreating, kRunning, kDeleting, kFailed };

// A machine of a group.
struct Instance {
  std::string name;  // of its node, too
  std::string group;
  InstanceState state = InstanceState::kCreating;
  std::string error_code;
  int error_class = 0;

  std::string id() const { return "casim:///" + name; }
};

// What a group was at the end of an instant.
struct PastGroup {
  TimePoint at{};
  int target = 0;
  std::vector<Instance> instances;
};

// Of pods, since the start.
struct Counts {
  int created = 0;
  int completed = 0;
  int deleted = 0;
  int evicted = 0;
  int lost = 0;
};

class LittleWorld {
 public:
  LittleWorld(const LittleCase& given, sim::Kernel& kernel);

  // Before start(); outlives the world.
  void add_watcher(sim::Watcher& watcher) { watchers_.push_back(&watcher); }

  // Initial nodes, then all events into the kernel's queue.
  void start();

  // By its own rule of placing: called when a pod created at this instant is left pending at its
  // end.
  std::function<void()> on_unschedulable;

  // --- the scheduler's side. A pod that is gone, or has a node already: nothing happens.
  void bind_pod(sim::PodId id, const std::string& node);
  void mark_unschedulable(sim::PodId id, WallTime since);

  // --- the provider's side
  struct Group {
    const GroupGiven* given = nullptr;
    int target = 0;
    int launches = 0;                                  // after the initial ones
    int named = 0;                                     // instances named so far
    std::vector<std::shared_ptr<Instance>> instances;  // in order of creation
    std::vector<PastGroup> past;                       // by time
  };

  Group& group(const std::string& id);

  const std::map<std::string, Group>& groups() const { return groups_; }

  // Null: no such machine.
  std::shared_ptr<Instance> find_instance(const std::string& provider_id) const;
  void launch(Group& group);
  void erase_instance(const std::shared_ptr<Instance>& instance);  // with its node
  void terminate(const std::shared_ptr<Instance>& instance);

  // --- the API server's side
  sim::NodePtr find_node(const std::string& name) const;
  // Stores a new version and shows it to the watcher.
  void put_node(sim::Node node);
  const sim::Pod* find_pod(sim::PodId id) const;
  void evict(sim::PodId id);

  // --- what a record shows
  int node_count() const { return static_cast<int>(nodes_.size()); }

  int pending() const;
  int running() const;

  const Counts& counts() const { return counts_; }

  int launched() const;

  // From creation to binding, of every pod that was bound, in order of binding.
  const std::vector<Duration>& waits() const { return waits_; }

  // Something happened: at the end of this instant pending pods are placed.
  void touch();

 private:
  struct Node {
    sim::NodePtr node;
    std::vector<sim::Taint> template_taints;
    std::optional<sim::Taint> startup_taint;  // while it bears it
    Resources used;
    std::vector<sim::PodId> pods;
  };

  struct Workload {
    const WorkloadGiven* given = nullptr;
    int named = 0;
    std::vector<sim::PodId> live;  // in order of creation
  };

  struct PodState {
    sim::Pod pod;
    Workload* workload = nullptr;
    bool announced = false;  // as left pending
  };

  enum class End { kCompleted, kDeleted, kEvicted, kLost };

  void announce_owners();
  void apply(const EventGiven& event);
  void create_pods(const EventGiven& event);
  void delete_pods(const EventGiven& event);
  void set_ready(const std::string& name, bool ready);
  void vanish(const std::string& name);

  sim::PodId create_pod(Workload& workload, const std::string& node);
  void end_pod(sim::PodId id, End how);
  void bind(PodState& pod, Node& node);
  void publish(const PodState& pod);
  void show(const sim::WatchEvent& event);
  const LaunchRule* rule_of(const Group& group, int n) const;
  void register_node(const std::shared_ptr<Instance>& instance, const LaunchRule& rule);
  void become_ready(const std::shared_ptr<Instance>& instance);
  void remove_startup_taint(const std::shared_ptr<Instance>& instance);
  static void differ_from_template(const RegisteredGiven& given, sim::Node& node);
  void add_node(const std::string& name, const NodeTemplate& node, const Instance* instance,
                bool ready, bool initial);
  void remove_node(const std::string& name);
  void start_daemons(Node& node);

  void remember();
  void settle();
  using Nodes = std::map<std::string, Node>;

  // The first that fits, from `from` on; the end without.
  Nodes::iterator place_of(const sim::PodSpec& spec, Nodes::iterator from);
  bool fits(const sim::PodSpec& spec, const Node& node) const;
  bool keeps_spread(const sim::PodSpec& spec, const Node& node) const;
  bool keeps_apart(const sim::PodSpec& spec, const Node& node) const;
  bool keeps_together(const sim::PodSpec& spec, const Node& node) const;

  // In the node's domain of the key; a null node: anywhere.
  struct Near {
    const Node* node = nullptr;
    std::string key;
  };

  using Speaks = std::function<bool(const sim::PodSpec&)>;
  bool any_pod(const Near& near, const Speaks& speaks) const;
  int matching_pods(const sim::PodSpec& spec, const sim::LabelSelector& selector,
                    const Node& node) const;

  const LittleCase& given_;
  sim::Kernel& kernel_;
  std::vector<sim::Watcher*> watchers_;
  std::map<std::string, Group> groups_;
  std::map<std::string, std::shared_ptr<Instance>> instances_;  // by provider id
  Nodes nodes_;
  std::map<std::string, Workload> workloads_;
  std::map<sim::PodId, PodState> pods_;  // alive; ids are in order of creation
  std::vector<sim::PodId> pending_;      // in order of creation
  Counts counts_;
  std::vector<Duration> waits_;
  std::uint64_t version_ = 0;
  bool settling_ = false;  // a settle is due at this instant
};

}  // namespace casim::oracle
