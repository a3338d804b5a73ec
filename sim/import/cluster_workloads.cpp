#include "sim/import/cluster_workloads.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/import/cluster_pods.h"

namespace casim::sim {
namespace {

using config::Value;

// Controllers whose pods are on nodes from the start as those of one ReplicaSet.
bool is_placed_kind(const std::string& kind) { return kind != "Job" && kind != "CronJob"; }

bool is_controller(const std::string& kind) {
  static const std::set<std::string> kKinds = {"Deployment", "StatefulSet", "ReplicaSet",
                                               "ReplicationController"};
  return kKinds.contains(kind);
}

bool is_complete(const KubeObject& job) {
  const Value* conditions = value_at(*job.value, "status.conditions");
  const auto* items = conditions == nullptr ? nullptr : conditions->as_list();
  return items != nullptr && std::ranges::any_of(*items, [](const Value& condition) {
           const std::string type = text_at(condition, "type");
           return (type == "Complete" || type == "Failed") &&
                  text_at(condition, "status") == "True";
         });
}

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
      : objects_(objects), nodes_(nodes), problems_(problems), pods_(sort_pods(objects)) {}

  ClusterWorkloads run() {
    const std::vector<ManifestItem> items = translate_owners();
    for (const ManifestItem& item : items) add(item);
    for (const auto& [owner, owned] : pods_.owned) {
      if (!used_.contains(owner) && is_placed_kind(owner.kind)) add_unseen(owner, owned);
    }
    add_priority_classes();
    say_rest();
    return std::move(out_);
  }

 private:
  // What stands for itself: not ReplicaSets of Deployments, Jobs of CronJobs, pods of anybody.
  bool stands_alone(const KubeObject& object) {
    if (object.kind == "Pod" || object.kind == "Node" || object.kind == "Event") return false;
    if (object.kind == "Job" && is_complete(object)) {
      ++complete_jobs_;
      return false;
    }
    const PodOwner owner = controller_of(object);
    if (owner.kind.empty()) return true;
    if (object.kind == "Job") ++owned_jobs_;
    return object.kind == "StatefulSet" || object.kind == "DaemonSet" ||
           object.kind == "Deployment";
  }

  std::vector<ManifestItem> translate_owners() {
    ManifestFile file{"snapshot", {}};
    for (const KubeObject& object : objects_) {
      if (stands_alone(object)) file.documents.emplace_back(*object.value);
    }
    return translate({std::move(file)}, options_, nullptr, taken_, problems_);
  }

  void add(const ManifestItem& item) {
    if (item.kind == "Job") ++jobs_;
    Value written = item.item;
    if (is_controller(item.kind)) {
      const PodOwner owner{item.kind, item.namespace_name, item.name};
      const auto found = pods_.owned.find(owner);
      if (found != pods_.owned.end()) {
        used_.insert(owner);
        written = placed(item, found->second);
      }
    }
    note_priority(written, item);
    out_.lists[item.list].push_back(std::move(written));
  }

  // The same workload with its pods on their nodes.
  Value placed(const ManifestItem& item, const OwnedPods& owned) {
    const std::vector<Place> places = places_of(owned);
    if (places.empty()) return item.item;
    const Value* replicas = item.item.find("replicas");
    if (replicas == nullptr) replicas = item.item.find("count");
    int on_nodes = 0;
    for (const Place& place : places) on_nodes += place.nodes * place.per_node;
    const std::int64_t wanted = replicas == nullptr ? 0 : replicas->as_int64().value_or(0);
    if (item.kind == "StatefulSet") ++stateful_sets_;
    return initial(*item.item.find("name")->as_string(), places,
                   std::max<std::int64_t>(0, wanted - on_nodes), *item.item.find("pod"));
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

  std::vector<Place> places_of(const OwnedPods& owned) {
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
    const std::vector<Place> places = places_of(owned);
    ManifestNotes ignored;
    config::Problems found;
    const Value pod = PodFields(found, ignored)
                          .pod_of(*owned.example, *owned.example->value, "", RestartRule::kAny);
    std::vector<std::string>& names = taken_["workloads"];
    std::string name = owner.name;
    if (std::ranges::find(names, name) != names.end()) name = owner.namespace_name + "-" + name;
    names.push_back(name);
    Value written;
    if (places.empty()) {
      if (owned.pending == 0) return;
      written.set("name", name);
      written.set("kind", "burst");
      written.set("count", owned.pending);
      written.set("pod", pod);
    } else {
      written = initial(name, places, owned.pending, pod);
    }
    (owner.kind == "Pod" ? bare_ : unseen_)
        .push_back(owner.kind == "Pod" ? name : fmt::format("{} {}", owner.kind, owner.name));
    ManifestItem item;
    note_priority(written, item);
    out_.lists["workloads"].push_back(std::move(written));
  }

  void note_priority(const Value& item, const ManifestItem& /*from*/) {
    const std::string name = text_at(item, "pod.priorityClassName");
    if (!name.empty() && !name.starts_with("system-")) named_classes_.insert(name);
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

  void say_rest() {
    say(pods_.finished, "finished pods, left out");
    say(pods_.of_nodes, "static pods, which kubelets run by themselves, left out");
    say(pods_.of_daemon_sets, "pods of DaemonSets, which make them anew");
    say(complete_jobs_, "finished Jobs, left out");
    say(owned_jobs_, "Jobs that CronJobs or others made, left out with their pods");
    say(jobs_, "Jobs, which begin anew");
    say(elsewhere_, "pods on nodes of no group, left out");
    say(stateful_sets_, "StatefulSets, kept up like ReplicaSets as their pods run already");
    if (!bare_.empty()) {
      out_.notes.push_back(
          fmt::format("bare pods, which would be replaced here when they are "
                      "lost: {}",
                      fmt::join(bare_, ", ")));
    }
    if (!unseen_.empty()) {
      out_.notes.push_back(
          fmt::format("owners that are not in the snapshot, or of other kinds, "
                      "taken from their pods: {}",
                      fmt::join(unseen_, ", ")));
    }
    if (out_.lists["workloads"].empty()) {
      problems_.add({config::Severity::kError, "", 0, 0, "", "no pod and no controller is in it"});
    }
  }

  const std::vector<KubeObject>& objects_;
  const ClusterNodes& nodes_;
  config::Problems& problems_;
  ManifestOptions options_{.source = "snapshot", .at = {}, .run_for = {}};
  TakenNames taken_;
  ClusterPods pods_;
  std::set<PodOwner> used_;
  std::set<std::string> named_classes_;
  std::vector<std::string> bare_;
  std::vector<std::string> unseen_;
  int complete_jobs_ = 0;
  int owned_jobs_ = 0;
  int elsewhere_ = 0;
  int jobs_ = 0;
  int stateful_sets_ = 0;
  ClusterWorkloads out_;
};

}  // namespace

ClusterWorkloads import_workloads(const std::vector<KubeObject>& objects, const ClusterNodes& nodes,
                                  config::Problems& problems) {
  return WorkloadImport(objects, nodes, problems).run();
}

}  // namespace casim::sim
