#include "sim/import/cluster_workloads.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/import/admission.h"
#include "sim/import/cluster_pods.h"
#include "sim/import/live_pods.h"
#include "sim/import/owner_manifests.h"
#include "sim/import/seen_claims.h"
#include "sim/import/seen_node.h"

namespace casim::sim {
namespace {

using config::Value;

// Controllers whose pods are on nodes from the start as those of one ReplicaSet.
bool is_placed_kind(const std::string& kind) { return kind != "Job" && kind != "CronJob"; }

// Pods on one node each, or on several nodes that follow each other.
struct Place {
  std::string group;
  int first = 0;
  int nodes = 1;
  int per_node = 0;
};

class WorkloadImport {
 public:
  WorkloadImport(const std::vector<KubeObject>& objects, const ClusterNodes& nodes,
                 config::Problems& problems)
      : objects_(objects),
        nodes_(nodes),
        problems_(problems),
        claims_(objects, zones_of(nodes)),
        pods_(sort_pods(objects, nodes.lost_names, claims_)) {}

  ClusterWorkloads run() {
    OwnerManifests owners = owner_manifests(objects_, pods_);
    owner_notes_ = std::move(owners.notes);
    const std::vector<ManifestItem> items =
        translate({std::move(owners.file)}, options_, nullptr, taken_, problems_);
    for (const ManifestItem& item : items) {
      if (item.list == "volume_claims") claims_.add(item);
    }
    for (const ManifestItem& item : items) {
      if (item.list != "volume_claims") add(item);
    }
    for (const auto& [owner, owned] : pods_.owned) {
      if (!used_.contains(owner) && is_placed_kind(owner.kind)) add_unseen(owner, owned);
    }
    add_priority_classes();
    if (auto claims = claims_.take(out_.notes); !claims.empty()) {
      out_.lists["volume_claims"] = std::move(claims);
    }
    say_rest();
    return std::move(out_);
  }

 private:
  static std::set<std::string> zones_of(const ClusterNodes& nodes) {
    std::set<std::string> zones;
    for (const Value& group : nodes.node_groups) {
      for (const Value& zone : *group.find("zones")->as_list()) zones.insert(*zone.as_string());
    }
    return zones;
  }

  void add(const ManifestItem& item) {
    const PodOwner owner{item.kind, item.namespace_name, item.name};
    const auto found = pods_.owned.find(owner);
    if (is_replica_keeper(item.kind) && found != pods_.owned.end()) {
      used_.insert(owner);
      return add_placed(item, found->second);
    }
    keep(item.list, item.item, item.label);
  }

  void keep(const std::string& list, Value written, const std::string& label) {
    if (Value* pod = written.find("pod")) {
      claims_.drop_others(*pod);
      for (const std::string& resource : drop_unoffered(*pod)) unoffered_[resource].insert(label);
    }
    const std::string name = text_at(written, "pod.priorityClassName");
    if (!name.empty() && !name.starts_with("system-")) named_classes_.insert(name);
    out_.lists[list].push_back(std::move(written));
  }

  // The same workload with its pods on their nodes: one `initial` per group of pods that ask for
  // the same, of which the largest keeps the name.
  void add_placed(const ManifestItem& item, const OwnedPods& owned) {
    const Value* replicas = item.item.find("replicas");
    if (replicas == nullptr) replicas = item.item.find("count");
    const int wanted = static_cast<int>(replicas == nullptr ? 0 : replicas->as_int64().value_or(0));
    int placed = 0;
    int elsewhere = 0;
    for (const AlikePods& group : owned.groups) {
      for (const auto& [node, count] : group.on_nodes) {
        (nodes_.places.contains(node) ? placed : elsewhere) += count;
      }
    }
    if (placed + elsewhere > wanted) more_.push_back(item.label);
    int pending = std::max(0, wanted - placed - elsewhere);
    if (item.item.find("volumeClaimTemplates") != nullptr && placed > 0) {
      // Each pod has claims of its own, and nobody knows those of pods that are not made yet.
      const int made = owned.pending();
      unmade_ += std::max(0, pending - made);
      pending = std::min(pending, made);
    }
    if (placed == 0) return add_unplaced(item, pending, elsewhere);
    if (item.kind == "StatefulSet") ++stateful_sets_;
    Value pod = *item.item.find("pod");
    add_groups({*item.item.find("name")->as_string(), item.label, owned, pending, &pod});
  }

  void add_unplaced(const ManifestItem& item, int pending, int elsewhere) {
    elsewhere_ += elsewhere;
    Value written = item.item;
    if (elsewhere > 0) {
      const bool is_burst = written.find("count") != nullptr;
      if (is_burst && pending == 0) return;
      written.set(is_burst ? "count" : "replicas", pending);
    }
    keep(item.list, std::move(written), item.label);
  }

  struct Groups {
    std::string name;
    std::string label;
    const OwnedPods& owned;
    int pending = 0;
    const Value* made = nullptr;  // the pod that the owner makes; null: nobody knows
  };

  void add_groups(const Groups& groups) {
    int pending = groups.pending;
    std::vector<int> waiting;
    for (const AlikePods& group : groups.owned.groups) {
      waiting.push_back(std::min(group.pending, pending));
      pending -= waiting.back();
    }
    const AlikePods& largest = groups.owned.largest();
    if (groups.owned.groups.size() > 1) {
      several_.push_back(fmt::format("{} ({})", groups.label, groups.owned.groups.size()));
    }
    for (std::size_t i = 0; i < groups.owned.groups.size(); ++i) {
      const AlikePods& group = groups.owned.groups[i];
      if (&group == &largest) waiting[i] += pending;
      const std::string name =
          &group == &largest
              ? groups.name
              : free_name(taken_["workloads"], fmt::format("{}-{}", groups.name, i + 1),
                          group.example->namespace_name, group.example->kind);
      add_group(group, name, groups, waiting[i]);
    }
  }

  void add_group(const AlikePods& group, const std::string& name, const Groups& groups,
                 int waiting) {
    Value pod = pod_of(group, groups);
    for (const auto& [node, count] : group.on_nodes) {
      const auto place = nodes_.places.find(node);
      if (place == nodes_.places.end()) continue;
      for (const std::string& rule :
           drop_unmet_rules(pod, place->second.labels, place->second.taints)) {
        unmet_.insert(fmt::format("{} ({})", groups.label, rule));
      }
      for (const std::string& claim : claims_.place(pod, of_label(place->second.labels, kZone))) {
        unmet_.insert(fmt::format("{} (claim {})", groups.label, claim));
      }
    }
    const std::vector<Place> places = places_of(group);
    if (!places.empty()) {
      return keep("workloads", initial(name, places, waiting, pod), groups.label);
    }
    if (waiting == 0) return;
    Value written;
    written.set("name", name);
    written.set("kind", "burst");
    written.set("count", waiting);
    written.set("pod", std::move(pod));
    keep("workloads", std::move(written), groups.label);
  }

  // Labels are those that the owner gives.
  Value pod_of(const AlikePods& group, const Groups& groups) {
    if (groups.made != nullptr && shape_of(*groups.made) == group.shape &&
        claims_.names_of(*groups.made) == group.claims) {
      return *groups.made;
    }
    ManifestNotes told_of_owner;
    Value pod =
        live_pod(*group.example, problems_, groups.made == nullptr ? notes_ : told_of_owner);
    for (const char* member : {"labels", "annotations"}) {
      const Value* given = groups.made == nullptr ? nullptr : groups.made->find(member);
      if (given != nullptr) pod.set(member, *given);
    }
    return pod;
  }

  static Value initial(const std::string& name, const std::vector<Place>& places,
                       std::int64_t pending, const Value& pod) {
    Value out;
    out.set("name", name);
    out.set("kind", "initial");
    Value::List also;
    for (std::size_t i = 0; i < places.size(); ++i) {
      Value next;
      Value& to = i == 0 ? out : next;
      to.set("group", places[i].group);
      to.set("first", places[i].first);
      to.set("nodes", places[i].nodes);
      to.set("per_node", places[i].per_node);
      if (i > 0) also.push_back(std::move(next));
    }
    if (!also.empty()) out.set("also", std::move(also));
    if (pending > 0) out.set("pending", pending);
    // Pods that are on nodes have no gates any more.
    Value without_gates = pod;
    std::erase_if(*without_gates.as_object(),
                  [](const Value::Entry& entry) { return entry.key == "schedulingGates"; });
    out.set("pod", std::move(without_gates));
    return out;
  }

  std::vector<Place> places_of(const AlikePods& owned) {
    std::vector<Place> places;
    for (const auto& [node, count] : owned.on_nodes) {
      const auto found = nodes_.places.find(node);
      if (found != nodes_.places.end()) {
        places.push_back({found->second.group, found->second.number, 1, count});
      } else {
        elsewhere_ += count;
      }
    }
    std::ranges::sort(places, [](const Place& a, const Place& b) {
      return std::tie(a.group, a.first) < std::tie(b.group, b.first);
    });
    std::vector<Place> joined;
    for (const Place& place : places) {
      Place* last = joined.empty() ? nullptr : &joined.back();
      if (last != nullptr && last->group == place.group && last->per_node == place.per_node &&
          last->first + last->nodes == place.first) {
        ++last->nodes;
      } else {
        joined.push_back(place);
      }
    }
    return joined;
  }

  // Pods whose owner is not in the snapshot, or is of a kind that nothing is known of.
  void add_unseen(const PodOwner& owner, const OwnedPods& owned) {
    const std::string name =
        free_name(taken_["workloads"], owner.name, owner.namespace_name, owner.kind);
    int pending = 0;
    bool is_here = false;
    for (const AlikePods& group : owned.groups) {
      pending += group.pending;
      for (const auto& [node, count] : group.on_nodes) {
        is_here = is_here || nodes_.places.contains(node);
      }
    }
    const KubeObject& example = *owned.groups.front().example;
    const std::string label =
        KubeObject{"", owner.kind, owner.name, example.namespace_name, nullptr}.label();
    add_groups({name, label, owned, pending, nullptr});
    if (!is_here && pending == 0) return;
    if (owner.kind == "Pod") {
      bare_.push_back(name);
    } else {
      unseen_.push_back(fmt::format("{} {}", owner.kind, owner.name));
    }
  }

  // Classes that pods name and the snapshot does not have: their pods know the number.
  void add_priority_classes() {
    for (const std::string& name : named_classes_) {
      const auto& known = taken_["priority_classes"];
      if (std::ranges::find(known, name) != known.end()) continue;
      Value out;
      out.set("name", name);
      out.set("value", 0);
      for (const KubeObject& object : objects_) {
        if (object.kind != "Pod" || text_at(*object.value, "spec.priorityClassName") != name)
          continue;
        if (const Value* priority = value_at(*object.value, "spec.priority")) {
          out.set("value", *priority);
        }
      }
      out_.notes.push_back(fmt::format("PriorityClass {} is not in the snapshot: {} is taken", name,
                                       config::to_json(*out.find("value"), -1)));
      out_.lists["priority_classes"].push_back(std::move(out));
    }
  }

  void say(int count, const char* what) {
    if (count > 0) out_.notes.push_back(fmt::format("{}: {}", what, count));
  }

  template <class Names>
  void list(const Names& names, const char* what) {
    if (!names.empty()) out_.notes.push_back(fmt::format("{}: {}", what, fmt::join(names, ", ")));
  }

  void say_rest() {
    say(pods_.finished, "finished pods, left out");
    say(pods_.leaving, "pods that are being deleted, left out");
    say(pods_.of_nodes, "static pods, which kubelets run by themselves, left out");
    say(pods_.of_daemon_sets, "pods of DaemonSets, which make them anew");
    out_.notes.insert(out_.notes.end(), owner_notes_.begin(), owner_notes_.end());
    say(elsewhere_, "pods on nodes of no group, left out");
    say(stateful_sets_, "StatefulSets, kept up like ReplicaSets as their pods run already");
    say(unmade_, "pods of StatefulSets that are not made yet, whose claims nobody knows, left out");
    list(more_, "owners with more pods than replicas, which are all kept");
    list(several_,
         "pods of one owner that ask for different things, as workloads of their own (an HPA sizes "
         "the largest)");
    list(unmet_,
         "pods on nodes that would not admit them as they are made here, put there without "
         "the rule");
    for (const auto& [resource, labels] : unoffered_) {
      out_.notes.push_back(fmt::format("nodes here do not offer {}, which is left out of: {}",
                                       resource, fmt::join(labels, ", ")));
    }
    list(bare_, "bare pods, which would be replaced here when they are lost");
    list(unseen_, "owners that are not in the snapshot, or of other kinds, taken from their pods");
    notes_.tell_unsimulated("snapshot", problems_);
    if (out_.lists["workloads"].empty()) {
      problems_.add({config::Severity::kError, "", 0, 0, "", "no pod and no controller is in it"});
    }
  }

  const std::vector<KubeObject>& objects_;
  const ClusterNodes& nodes_;
  config::Problems& problems_;
  ManifestOptions options_{.source = "snapshot",
                           .at = {},
                           .run_for = {},
                           .namespace_name = "default",
                           .has_demand = false};
  TakenNames taken_;
  SeenClaims claims_;
  ClusterPods pods_;
  std::set<PodOwner> used_;
  std::set<std::string> named_classes_;
  std::vector<std::string> bare_;
  std::vector<std::string> unseen_;
  std::vector<std::string> more_;
  std::vector<std::string> several_;
  std::vector<std::string> owner_notes_;
  std::set<std::string> unmet_;
  std::map<std::string, std::set<std::string>> unoffered_;  // labels by resource
  ManifestNotes notes_;  // of pods whose owners are not translated
  int elsewhere_ = 0;
  int stateful_sets_ = 0;
  int unmade_ = 0;
  ClusterWorkloads out_;
};

}  // namespace

ClusterWorkloads import_workloads(const std::vector<KubeObject>& objects, const ClusterNodes& nodes,
                                  config::Problems& problems) {
  return WorkloadImport(objects, nodes, problems).run();
}

}  // namespace casim::sim
