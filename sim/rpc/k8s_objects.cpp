#include "sim/rpc/k8s_objects.h"

#include <expected>

#include "src/config/units.h"
#include "src/proto/k8s.pb.h"

namespace casim::sim {
namespace {

using QuantityMap = google::protobuf::Map<std::string, k8s::Quantity>;
using StringMap = google::protobuf::Map<std::string, std::string>;

Result<Resources> read_resources(const QuantityMap& in) {
  Resources resources;
  for (const auto& [name, quantity] : in) {
    const std::string& text = quantity.string();
    std::string problem;
    const auto take = [&problem](const auto& parsed, auto& out) {
      if (parsed) {
        out = *parsed;
      } else {
        problem = parsed.error();
      }
    };
    if (!quantity.has_string()) continue;  // an empty message is zero, an empty text an error
    if (name == "cpu") {
      take(config::parse_cpu(text), resources.cpu);
    } else if (name == "memory") {
      take(config::parse_bytes(text), resources.memory);
    } else if (name == "ephemeral-storage") {
      take(config::parse_bytes(text), resources.ephemeral_storage);
    } else if (name == "pods") {
      take(config::parse_count(text), resources.pods);
    } else {
      take(config::parse_count(text), resources.extended[name]);
    }
    if (!problem.empty()) {
      return failure(ErrorCode::kInternal, "quantity of " + name + ": " + problem);
    }
  }
  return resources;
}

void write_requests(const Resources& resources, QuantityMap& out) {
  out["cpu"].set_string(to_string(resources.cpu));
  out["memory"].set_string(to_string(resources.memory));
  if (resources.ephemeral_storage.value() > 0) {
    out["ephemeral-storage"].set_string(to_string(resources.ephemeral_storage));
  }
  for (const auto& [name, count] : resources.extended) {
    out[name].set_string(std::to_string(count));
  }
}

Labels read_labels(const StringMap& in) { return {in.begin(), in.end()}; }

// An effect that Kubernetes does not know hinders nobody.
std::optional<TaintEffect> parse_effect(std::string_view text) {
  for (const TaintEffect effect :
       {TaintEffect::kNoSchedule, TaintEffect::kPreferNoSchedule, TaintEffect::kNoExecute}) {
    if (name_of(effect) == text) return effect;
  }
  return std::nullopt;
}

}  // namespace

std::string encode_pod(const PodSpec& spec) {
  k8s::Pod pod;
  k8s::ObjectMeta& metadata = *pod.mutable_metadata();
  metadata.set_name(spec.name_prefix);
  metadata.set_namespace_(spec.namespace_name);
  metadata.mutable_labels()->insert(spec.labels.begin(), spec.labels.end());
  metadata.mutable_annotations()->insert(spec.annotations.begin(), spec.annotations.end());
  k8s::PodSpec& out = *pod.mutable_spec();
  out.mutable_nodeselector()->insert(spec.node_selector.begin(), spec.node_selector.end());
  out.set_schedulername(spec.scheduler_name);
  out.set_priority(spec.priority);
  k8s::Container& container = *out.add_containers();
  container.set_name("main");
  write_requests(spec.requests, *container.mutable_resources()->mutable_requests());
  for (const Toleration& toleration : spec.tolerations) {
    k8s::Toleration& to = *out.add_tolerations();
    to.set_key(toleration.key);
    to.set_operator_(toleration.op == Toleration::Operator::kExists ? "Exists" : "Equal");
    to.set_value(toleration.value);
    if (toleration.effect) to.set_effect(std::string(name_of(*toleration.effect)));
  }
  return pod.SerializeAsString();
}

Result<Node> decode_node(std::string_view bytes) {
  k8s::Node in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return failure(ErrorCode::kInternal, "the template is not a core/v1 Node");
  }
  Node node;
  node.name = in.metadata().name();
  node.labels = read_labels(in.metadata().labels());
  node.annotations = read_labels(in.metadata().annotations());
  node.provider_id = in.spec().providerid();
  node.unschedulable = in.spec().unschedulable();
  for (const k8s::Taint& taint : in.spec().taints()) {
    const std::optional<TaintEffect> effect = parse_effect(taint.effect());
    if (effect) node.taints.push_back({taint.key(), taint.value(), *effect});
  }
  Result<Resources> capacity = read_resources(in.status().capacity());
  if (!capacity) return std::unexpected(capacity.error());
  Result<Resources> allocatable = read_resources(in.status().allocatable());
  if (!allocatable) return std::unexpected(allocatable.error());
  node.capacity = std::move(*capacity);
  node.allocatable = std::move(*allocatable);
  node.has_ready_condition = false;
  for (const k8s::NodeCondition& condition : in.status().conditions()) {
    if (condition.type() != "Ready") continue;
    node.has_ready_condition = true;
    node.ready = condition.status() == "True";
  }
  return node;
}

}  // namespace casim::sim
