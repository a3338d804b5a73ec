#include "sim/import/cluster_nodes.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/import/asg_names.h"
#include "sim/import/seen_node.h"
#include "src/config/units.h"
#include "src/ec2/catalogue.h"

namespace casim::sim {
namespace {

using config::Value;

// Labels that name the group of a node, the most telling first.
constexpr std::string_view kGroupLabels[] = {
    "eks.amazonaws.com/nodegroup",   "alpha.eksctl.io/nodegroup-name",
    "kops.k8s.io/instancegroup",     "karpenter.sh/nodepool",
    "cloud.google.com/gke-nodepool", "kubernetes.azure.com/agentpool"};

struct Group {
  std::string name;
  std::vector<SeenNode> nodes;
};

class NodeImport {
 public:
  explicit NodeImport(const std::map<std::string, GroupBounds>& bounds) : given_(bounds) {}

  void add(const KubeObject& object) {
    SeenNode node = see_node(object);
    if (!node.outside.empty()) {
      outside_[node.outside].push_back(object.name);
      return;
    }
    if (node.is_lost) {
      out_.lost_names.insert(object.name);
      return;
    }
    if (is_cordoned(object)) cordoned_.push_back(object.name);
    if (is_not_ready(object)) not_ready_.push_back(object.name);
    note_type(node);
    if (node.is_control_plane) return add_static(node);
    std::string name = group_name(node);
    for (const Group& group : groups_) {
      if (group.name != name) continue;
      // The types of a group are of one size, and bought in one way.
      if (!is_same_size(group.nodes.front(), node)) {
        name += "-" + node.type;
      } else if (group.nodes.front().is_spot != node.is_spot) {
        mixed_.insert(name);
        name += node.is_spot ? "-spot" : "-on-demand";
      }
    }
    for (Group& group : groups_) {
      if (group.name == name) return group.nodes.push_back(std::move(node));
    }
    groups_.push_back({std::move(name), {std::move(node)}});
  }

  ClusterNodes take() {
    std::vector<std::string> names;
    for (const Group& group : groups_) names.push_back(group.name);
    MatchedBounds matched = match_bounds(given_, names);
    bounds_ = std::move(matched.bounds);
    out_.unmatched_bounds = std::move(matched.unmatched);
    int first = 0;
    for (const Group& group : groups_) {
      write(group, first);
      first += static_cast<int>(group.nodes.size());
    }
    for (const auto& [label, labelled] : by_label_) {
      out_.notes.push_back(fmt::format("node groups by {}: {}", label, fmt::join(labelled, ", ")));
    }
    say_states();
    return std::move(out_);
  }

 private:
  template <class Names>
  void list(const Names& names, const std::string& what) {
    if (!names.empty()) out_.notes.push_back(fmt::format("{}: {}", what, fmt::join(names, ", ")));
  }

  void say_states() {
    for (const auto& [what, names] : outside_) list(names, what + ", left out with their pods");
    list(out_.lost_names, "nodes that are unreachable or being deleted, left out; their pods wait");
    list(cordoned_, "nodes that are cordoned, taken as such that are not");
    list(not_ready_, "nodes that are not ready, taken as such that are");
    list(mixed_, "groups of spot and on-demand nodes, taken as two");
  }

  std::string group_name(const SeenNode& node) {
    for (const std::string_view label : kGroupLabels) {
      const std::string name = of_label(node.labels, std::string(label));
      if (!name.empty()) {
        by_label_["label " + std::string(label)].insert(name);
        return name;
      }
    }
    // Nodes of one type with the same taints.
    std::string name = node.type;
    for (const Value& taint : node.taints) name += "-" + text_at(taint, "key");
    std::ranges::replace(name, '/', '-');
    by_label_["instance type and taints"].insert(name);
    return name;
  }

  static bool is_same_size(const SeenNode& a, const SeenNode& b) {
    if (a.type == b.type) return true;
    const auto catalogue = ec2::default_catalogue();
    const auto x = catalogue->find(a.type);
    const auto y = catalogue->find(b.type);
    return x != catalogue->end() && y != catalogue->end() && x->second.vcpus == y->second.vcpus &&
           x->second.memory == y->second.memory && x->second.gpus == y->second.gpus;
  }

  // What the catalogue does not know, or knows otherwise.
  void note_type(const SeenNode& node) {
    const int pods = pods_of(*node.object, "capacity");
    out_.most_pods = std::max({out_.most_pods, pods, pods_of(*node.object, "allocatable")});
    if (!types_.insert(node.type).second) return;
    const auto catalogue = ec2::default_catalogue();
    const auto known = catalogue->find(node.type);
    Value type;
    if (known == catalogue->end()) {
      const MilliCpu cpu = amount_at(*node.object, "status.capacity.cpu", config::parse_cpu);
      const Bytes memory = amount_at(*node.object, "status.capacity.memory", config::parse_bytes);
      type.set("vcpus", std::max<std::int64_t>(1, cpu.value() / 1000));
      type.set("memory", to_string(std::max(memory, Bytes(1))));
      const std::string arch = of_label(node.labels, "kubernetes.io/arch");
      if (arch == "arm64") type.set("architecture", arch);
      out_.notes.push_back(
          fmt::format("{} is no type of EC2 that is known: one of its nodes' size "
                      "is made, and costs nothing",
                      node.type));
    }
    if (pods > 0 && (known == catalogue->end() || known->second.max_pods != pods)) {
      type.set("max_pods", pods);
    }
    note_gpus(node, known == catalogue->end() ? 0 : known->second.gpus, type);
    if (!type.is_null()) out_.instance_types.set(node.type, std::move(type));
  }

  // Slices of GPUs in turns are GPUs to the scheduler.
  void note_gpus(const SeenNode& node, int known, Value& type) {
    const Value* offered = value_at(*node.object->value, "status.allocatable");
    const Value* gpus = offered == nullptr ? nullptr : offered->find("nvidia.com/gpu");
    const std::string text =
        gpus == nullptr || gpus->as_string() == nullptr ? "" : *gpus->as_string();
    const auto count = config::parse_count(text);
    if (!count || *count <= known || *count > 1000) return;
    type.set("gpus", *count);
    if (known == 0) return;
    out_.notes.push_back(fmt::format("{} offers {} GPUs of {}, as slices: it is taken to have them",
                                     node.type, *count, known));
  }

  void add_static(const SeenNode& node) {
    Value out;
    out.set("name", node.object->name);
    out.set("instance_type", node.type);
    Value labels{Value::Object{}};
    for (const auto& [key, value] : node.labels) {
      if (!is_well_known(key) || key == kZone) labels.set(key, value);
    }
    out.set("labels", std::move(labels));
    out.set("taints", node.taints);
    out_.static_nodes.push_back(std::move(out));
    out_.static_names.insert(node.object->name);
  }

  void write(const Group& group, int first) {
    std::vector<std::string> zones;
    std::vector<std::string> types;
    for (const SeenNode& node : group.nodes) {
      if (std::ranges::find(zones, node.zone) == zones.end()) zones.push_back(node.zone);
      if (std::ranges::find(types, node.type) == types.end()) types.push_back(node.type);
    }
    std::ranges::sort(zones);
    const int count = static_cast<int>(group.nodes.size());
    Value out;
    out.set("name", group.name);
    write_bounds(group.name, count, out);
    out.set("initial", count);
    out.set("instance_types", list_of(types));
    out.set("zones", list_of(zones));
    if (group.nodes.front().is_spot) out.set("lifecycle", "spot");
    const std::int64_t vcpus = vcpus_of(group.nodes.front());
    out_.most_vcpus += vcpus * out.find("max")->as_int64().value_or(count);
    write_labels(group, out);
    const Value::List taints = taints_of_all(group);
    if (!taints.empty()) out.set("taints", taints);
    write_allocatable(group, out);
    place(group, zones, first, made_labels(group, out), taints);
    out_.node_groups.push_back(std::move(out));
  }

  static std::int64_t vcpus_of(const SeenNode& node) {
    const auto catalogue = ec2::default_catalogue();
    const auto known = catalogue->find(node.type);
    if (known != catalogue->end()) return known->second.vcpus;
    return amount_at(*node.object, "status.capacity.cpu", config::parse_cpu).value() / 1000;
  }

  static Value list_of(const std::vector<std::string>& texts) {
    Value::List out;
    for (const std::string& text : texts) out.emplace_back(text);
    return Value(std::move(out));
  }

  void write_bounds(const std::string& name, int count, Value& out) {
    const auto given = bounds_.find(name);
    if (given != bounds_.end()) {
      out.set("min", given->second.min);
      out.set("max", std::max(given->second.max, count));
      return;
    }
    // Assumed: EKS' own least size, and room to double.
    out.set("min", 1);
    out.set("max", std::max(10, 2 * count));
    out_.notes.push_back(
        fmt::format("min and max of {} are not in the snapshot: 1 and {} are "
                    "taken",
                    name, std::max(10, 2 * count)));
  }

  // Those that all nodes have, as with labels.
  Value::List taints_of_all(const Group& group) {
    Value::List out;
    std::set<std::string> some;
    for (const SeenNode& node : group.nodes) {
      for (const Value& taint : node.taints) {
        const bool is_everywhere = std::ranges::all_of(group.nodes, [&](const SeenNode& other) {
          return std::ranges::find(other.taints, taint) != other.taints.end();
        });
        if (!is_everywhere) {
          some.insert(text_at(taint, "key"));
        } else if (std::ranges::find(out, taint) == out.end()) {
          out.push_back(taint);
        }
      }
    }
    list(some, fmt::format("taints of some nodes of {}, left out", group.name));
    return out;
  }

  // What each of its initial nodes has, but for its zone.
  static std::map<std::string, std::string> made_labels(const Group& group, const Value& out) {
    std::map<std::string, std::string> labels;
    for (const auto& [key, value] : group.nodes.front().labels) {
      if (is_made_anew(key)) labels[key] = value;
    }
    labels.try_emplace("kubernetes.io/arch", "amd64");
    labels["kubernetes.io/os"] = "linux";
    labels[kType] = *out.find("instance_types")->as_list()->front().as_string();
    const Value* given = out.find("labels");
    for (std::size_t i = 0; given != nullptr && i < given->as_object()->size(); ++i) {
      const auto& [key, value] = (*given->as_object())[i];
      labels[key] = *value.as_string();
    }
    return labels;
  }

  // Those that all nodes have; in place of a zone's name the label alone.
  static void write_labels(const Group& group, Value& out) {
    Value labels{Value::Object{}};
    Value::List of_zone;
    for (const auto& [key, value] : group.nodes.front().labels) {
      if (is_well_known(key)) continue;
      const auto everywhere = [&](auto holds) {
        return std::ranges::all_of(group.nodes, [&](const SeenNode& node) {
          const auto found = node.labels.find(key);
          return found != node.labels.end() && holds(node, found->second);
        });
      };
      if (everywhere([](const SeenNode& node, const auto& text) { return text == node.zone; })) {
        of_zone.emplace_back(key);
      } else if (everywhere([&](const SeenNode&, const auto& text) { return text == value; })) {
        labels.set(key, value);
      }
    }
    if (!labels.as_object()->empty()) out.set("labels", std::move(labels));
    if (!of_zone.empty()) {
      Value registered;
      registered.set("zone_labels", std::move(of_zone));
      out.set("registered", std::move(registered));
    }
  }

  // The largest of the group: every node's pods have room on it.
  static void write_allocatable(const Group& group, Value& out) {
    MilliCpu cpu;
    Bytes memory;
    int pods = 0;
    for (const SeenNode& node : group.nodes) {
      cpu = std::max(cpu, amount_at(*node.object, "status.allocatable.cpu", config::parse_cpu));
      memory = std::max(memory,
                        amount_at(*node.object, "status.allocatable.memory", config::parse_bytes));
      pods = std::max(pods, pods_of(*node.object, "allocatable"));
    }
    Value allocatable;
    if (cpu > MilliCpu()) allocatable.set("cpu", to_string(cpu));
    if (memory > Bytes()) allocatable.set("memory", to_string(memory));
    if (pods > 0) allocatable.set("pods", pods);
    const Value* offered = value_at(*group.nodes.front().object->value, "status.allocatable");
    const Value* gpus = offered == nullptr ? nullptr : offered->find("nvidia.com/gpu");
    if (gpus != nullptr) allocatable.set("nvidia.com/gpu", *gpus);
    if (allocatable.is_null()) return;
    Value registered = out.find("registered") == nullptr ? Value() : *out.find("registered");
    registered.set("allocatable", std::move(allocatable));
    out.set("registered", std::move(registered));
  }

  // Initial nodes take turns over the zones: each node becomes one of its own zone, where there is
  // one left.
  void place(const Group& group, const std::vector<std::string>& zones, int first,
             std::map<std::string, std::string> labels, const Value::List& taints) {
    std::vector<const SeenNode*> left;
    for (const SeenNode& node : group.nodes) left.push_back(&node);
    int moved = 0;
    for (int i = 0; !left.empty(); ++i) {
      const std::string& zone = zones[static_cast<std::size_t>(first + i) % zones.size()];
      auto chosen = std::ranges::find(left, zone, &SeenNode::zone);
      if (chosen == left.end()) {
        ++moved;
        chosen = left.begin();
      }
      labels[kZone] = zone;
      for (const auto& [key, value] : (*chosen)->labels) {
        if (value == (*chosen)->zone && !is_well_known(key)) labels[key] = zone;
      }
      out_.places[(*chosen)->object->name] = {group.name, i, labels, taints};
      left.erase(chosen);
    }
    if (moved == 0) return;
    out_.notes.push_back(
        fmt::format("{}: {} nodes are in another zone than in the cluster, as the "
                    "zones of a group take turns",
                    group.name, moved));
  }

  const std::map<std::string, GroupBounds>& given_;
  std::map<std::string, GroupBounds> bounds_;
  std::map<std::string, std::vector<std::string>> outside_;
  std::vector<std::string> cordoned_;
  std::vector<std::string> not_ready_;
  std::set<std::string> mixed_;
  ClusterNodes out_;
  std::vector<Group> groups_;
  std::set<std::string> types_;
  std::map<std::string, std::set<std::string>> by_label_;
};

}  // namespace

ClusterNodes group_nodes(const std::vector<KubeObject>& nodes,
                         const std::map<std::string, GroupBounds>& bounds) {
  NodeImport import(bounds);
  for (const KubeObject& node : nodes) import.add(node);
  return import.take();
}

}  // namespace casim::sim
