#include "sim/import/cluster_nodes.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

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

constexpr const char* kZone = "topology.kubernetes.io/zone";
constexpr const char* kType = "node.kubernetes.io/instance-type";
constexpr const char* kDefaultZone = "us-east-1a";

// They say what a node is, not what it is for; casim sets those that scheduling looks at.
bool is_well_known(std::string_view key) {
  static constexpr std::string_view kPrefixes[] = {
      "kubernetes.io/hostname",      "kubernetes.io/os",
      "kubernetes.io/arch",          "beta.kubernetes.io/",
      "failure-domain.beta.",        "topology.kubernetes.io/region",
      "topology.kubernetes.io/zone", "node.kubernetes.io/instance-type",
      "k8s.io/cloud-provider",       "topology.k8s.aws/",
      "node.kubernetes.io/exclude"};
  return std::ranges::any_of(kPrefixes, [key](auto prefix) { return key.starts_with(prefix); });
}

// Taints that come and go.
bool is_passing(std::string_view key) {
  return key.starts_with("node.kubernetes.io/") || key.starts_with("node.cloudprovider") ||
         key == "ToBeDeletedByClusterAutoscaler" || key == "DeletionCandidateOfClusterAutoscaler";
}

std::map<std::string, std::string> labels_of(const KubeObject& node) {
  std::map<std::string, std::string> out;
  const Value* labels = value_at(*node.value, "metadata.labels");
  if (labels == nullptr || labels->as_object() == nullptr) return out;
  for (const auto& [key, value] : *labels->as_object()) {
    if (value.as_string() != nullptr) out[key] = *value.as_string();
  }
  return out;
}

Value::List taints_of(const KubeObject& node) {
  Value::List out;
  const Value* taints = value_at(*node.value, "spec.taints");
  if (taints == nullptr || taints->as_list() == nullptr) return out;
  for (const Value& taint : *taints->as_list()) {
    if (is_passing(text_at(taint, "key"))) continue;
    Value kept;
    for (const char* member : {"key", "value", "effect"}) {
      if (const Value* value = value_at(taint, member)) kept.set(member, *value);
    }
    out.push_back(std::move(kept));
  }
  return out;
}

template <class T>
T amount_at(const KubeObject& node, const std::string& path,
            config::Parsed<T> (*parse)(std::string_view)) {
  const std::string text = text_at(*node.value, path);
  const auto parsed = text.empty() ? T() : parse(text).value_or(T());
  return parsed;
}

int pods_of(const KubeObject& node, const char* part) {
  const std::string path = fmt::format("status.{}.pods", part);
  const auto count = config::parse_count(text_at(*node.value, path));
  return count ? static_cast<int>(std::min<std::int64_t>(*count, 10'000)) : 0;
}

struct SeenNode {
  const KubeObject* object = nullptr;
  std::map<std::string, std::string> labels;
  Value::List taints;
  std::string zone;
  std::string type;
};

struct Group {
  std::string name;
  std::vector<SeenNode> nodes;
};

template <class T>
T of_label(const std::map<std::string, T>& labels, const std::string& key) {
  const auto found = labels.find(key);
  return found == labels.end() ? T() : found->second;
}

class NodeImport {
 public:
  explicit NodeImport(const std::map<std::string, GroupBounds>& bounds) : bounds_(bounds) {}

  void add(const KubeObject& object) {
    SeenNode node{&object, labels_of(object), taints_of(object), "", ""};
    node.zone = of_label(node.labels, kZone);
    if (node.zone.empty()) node.zone = kDefaultZone;
    node.type = of_label(node.labels, kType);
    if (node.type.empty()) node.type = of_label(node.labels, "beta.kubernetes.io/instance-type");
    if (node.type.empty()) node.type = fallback_type(object);
    note_type(node);
    const bool is_control_plane = node.labels.contains("node-role.kubernetes.io/control-plane") ||
                                  node.labels.contains("node-role.kubernetes.io/master");
    if (is_control_plane) return add_static(node);
    std::string name = group_name(node);
    for (const Group& group : groups_) {
      // The types of a group are of one size.
      if (group.name == name && !is_same_size(group.nodes.front(), node)) name += "-" + node.type;
    }
    for (Group& group : groups_) {
      if (group.name == name) return group.nodes.push_back(std::move(node));
    }
    groups_.push_back({std::move(name), {std::move(node)}});
  }

  ClusterNodes take() {
    int first = 0;
    for (const Group& group : groups_) {
      write(group, first);
      first += static_cast<int>(group.nodes.size());
    }
    for (const auto& [label, names] : by_label_) {
      out_.notes.push_back(fmt::format("node groups by {}: {}", label, fmt::join(names, ", ")));
    }
    return std::move(out_);
  }

 private:
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

  static std::string fallback_type(const KubeObject& node) {
    const MilliCpu cpu = amount_at(node, "status.capacity.cpu", config::parse_cpu);
    const Bytes memory = amount_at(node, "status.capacity.memory", config::parse_bytes);
    constexpr std::int64_t kGib = std::int64_t{1} << 30;
    return fmt::format("node-{}c-{}g", cpu.value() / 1000, memory.value() / kGib);
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
    if (!type.is_null()) out_.instance_types.set(node.type, std::move(type));
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
    place(group, zones, first);
    const int count = static_cast<int>(group.nodes.size());
    Value out;
    out.set("name", group.name);
    write_bounds(group.name, count, out);
    out.set("initial", count);
    out.set("instance_types", list_of(types));
    out.set("zones", list_of(zones));
    if (is_spot(group.nodes.front())) out.set("lifecycle", "spot");
    const std::int64_t vcpus = vcpus_of(group.nodes.front());
    out_.most_vcpus += vcpus * out.find("max")->as_int64().value_or(count);
    write_labels(group, out);
    if (!group.nodes.front().taints.empty()) out.set("taints", group.nodes.front().taints);
    write_allocatable(group, out);
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

  static bool is_spot(const SeenNode& node) {
    return of_label(node.labels, "eks.amazonaws.com/capacityType") == "SPOT" ||
           of_label(node.labels, "karpenter.sh/capacity-type") == "spot" ||
           of_label(node.labels, "node.kubernetes.io/lifecycle") == "spot";
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
  void place(const Group& group, const std::vector<std::string>& zones, int first) {
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
      out_.places[(*chosen)->object->name] = {group.name, i};
      left.erase(chosen);
    }
    if (moved == 0) return;
    out_.notes.push_back(
        fmt::format("{}: {} nodes are in another zone than in the cluster, as the "
                    "zones of a group take turns",
                    group.name, moved));
  }

  const std::map<std::string, GroupBounds>& bounds_;
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
