#include "sim/import/seen_node.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

using config::Value;

constexpr const char* kDefaultZone = "us-east-1a";

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

std::string fallback_type(const KubeObject& node) {
  const MilliCpu cpu = amount_at(node, "status.capacity.cpu", config::parse_cpu);
  const Bytes memory = amount_at(node, "status.capacity.memory", config::parse_bytes);
  constexpr std::int64_t kGib = std::int64_t{1} << 30;
  return fmt::format("node-{}c-{}g", cpu.value() / 1000, memory.value() / kGib);
}

// "True", "False", "Unknown"; empty: nobody says.
std::string readiness(const KubeObject& node) {
  const Value* conditions = value_at(*node.value, "status.conditions");
  const auto* items = conditions == nullptr ? nullptr : conditions->as_list();
  for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
    if (text_at((*items)[i], "type") == "Ready") return text_at((*items)[i], "status");
  }
  return "";
}

bool has_taint(const KubeObject& node, std::string_view key) {
  const Value* taints = value_at(*node.value, "spec.taints");
  const auto* items = taints == nullptr ? nullptr : taints->as_list();
  return items != nullptr && std::ranges::any_of(*items, [&](const Value& taint) {
           return text_at(taint, "key") == key;
         });
}

std::string outside_of(const std::map<std::string, std::string>& labels) {
  if (of_label(labels, "eks.amazonaws.com/compute-type") == "fargate") return "Fargate nodes";
  if (of_label(labels, "type") == "virtual-kubelet") return "virtual nodes";
  return of_label(labels, "kubernetes.io/os") == "windows" ? "Windows nodes" : "";
}

bool is_spot(const std::map<std::string, std::string>& labels) {
  return of_label(labels, "eks.amazonaws.com/capacityType") == "SPOT" ||
         of_label(labels, "karpenter.sh/capacity-type") == "spot" ||
         of_label(labels, "node.kubernetes.io/lifecycle") == "spot";
}

}  // namespace

SeenNode see_node(const KubeObject& object) {
  SeenNode node;
  node.object = &object;
  node.labels = labels_of(object);
  node.taints = taints_of(object);
  node.zone = of_label(node.labels, kZone);
  if (node.zone.empty()) node.zone = kDefaultZone;
  node.type = of_label(node.labels, kType);
  if (node.type.empty()) node.type = of_label(node.labels, "beta.kubernetes.io/instance-type");
  if (node.type.empty()) node.type = fallback_type(object);
  node.outside = outside_of(node.labels);
  node.is_control_plane = node.labels.contains("node-role.kubernetes.io/control-plane") ||
                          node.labels.contains("node-role.kubernetes.io/master");
  node.is_lost = has_taint(object, "node.kubernetes.io/unreachable") ||
                 readiness(object) == "Unknown" ||
                 !text_at(*object.value, "metadata.deletionTimestamp").empty();
  node.is_spot = is_spot(node.labels);
  return node;
}

bool is_cordoned(const KubeObject& node) {
  const Value* given = value_at(*node.value, "spec.unschedulable");
  return given != nullptr && *given == Value(true);
}

bool is_not_ready(const KubeObject& node) { return readiness(node) == "False"; }

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

bool is_made_anew(std::string_view key) {
  return key == "kubernetes.io/arch" || key == "topology.kubernetes.io/region";
}

std::string of_label(const std::map<std::string, std::string>& labels, const std::string& key) {
  const auto found = labels.find(key);
  return found == labels.end() ? "" : found->second;
}

int pods_of(const KubeObject& node, const char* part) {
  const std::string path = fmt::format("status.{}.pods", part);
  const auto count = config::parse_count(text_at(*node.value, path));
  return count ? static_cast<int>(std::min<std::int64_t>(*count, 10'000)) : 0;
}

}  // namespace casim::sim
