#include "src/server/k8s_codec.h"

#include <algorithm>
#include <expected>
#include <limits>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "src/config/units.h"
#include "src/proto/k8s.pb.h"

namespace casim::server {
namespace {

using QuantityMap = google::protobuf::Map<std::string, k8s::Quantity>;

void write_resources(const Resources& resources, QuantityMap& out) {
  const auto set = [&out](const std::string& name, std::string text) {
    out[name].set_string(std::move(text));
  };
  set("cpu", to_string(resources.cpu));
  set("memory", to_string(resources.memory));
  if (resources.ephemeral_storage.value() > 0) {
    set("ephemeral-storage", to_string(resources.ephemeral_storage));
  }
  set("pods", std::to_string(resources.pods));
  for (const auto& [name, count] : resources.extended) set(name, std::to_string(count));
}

Result<Resources> read_resources(const QuantityMap& in) {
  Resources resources;
  const auto take = [](const auto& parsed, const std::string& name, auto& out) -> Result<void> {
    if (!parsed) return failure(ErrorCode::kInvalidArgument, name + ": " + parsed.error());
    out = *parsed;
    return {};
  };
  for (const auto& [name, quantity] : in) {
    // An entry without a value is zero.
    if (!quantity.has_string()) continue;
    const std::string& text = quantity.string();
    Result<void> read;
    if (name == "cpu") {
      read = take(config::parse_cpu(text), name, resources.cpu);
    } else if (name == "memory") {
      read = take(config::parse_bytes(text), name, resources.memory);
    } else if (name == "ephemeral-storage") {
      read = take(config::parse_bytes(text), name, resources.ephemeral_storage);
    } else {
      read = take(config::parse_count(text), name, resources.extended[name]);
    }
    if (!read) return std::unexpected(read.error());
  }
  return resources;
}

// No node has room for what no number holds.
std::int64_t sum_of(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

void add_to(Resources& all, const Resources& other) {
  all.cpu = MilliCpu(sum_of(all.cpu.value(), other.cpu.value()));
  all.memory = Bytes(sum_of(all.memory.value(), other.memory.value()));
  all.ephemeral_storage =
      Bytes(sum_of(all.ephemeral_storage.value(), other.ephemeral_storage.value()));
  for (const auto& [name, count] : other.extended) {
    if (count > 0) all.extended[name] = sum_of(all.extended[name], count);
  }
}

void raise_to(Resources& most, const Resources& other) {
  most.cpu = std::max(most.cpu, other.cpu);
  most.memory = std::max(most.memory, other.memory);
  most.ephemeral_storage = std::max(most.ephemeral_storage, other.ephemeral_storage);
  for (const auto& [name, count] : other.extended) {
    most.extended[name] = std::max(most.extended[name], count);
  }
}

}  // namespace

std::string encode_node(const std::string& name, const provider::NodeTemplate& node_template) {
  k8s::Node node;
  k8s::ObjectMeta& metadata = *node.mutable_metadata();
  metadata.set_name(name);
  metadata.mutable_labels()->insert(node_template.labels.begin(), node_template.labels.end());
  for (const provider::Taint& taint : node_template.taints) {
    k8s::Taint& out = *node.mutable_spec()->add_taints();
    out.set_key(taint.key);
    out.set_value(taint.value);
    out.set_effect(taint.effect);
  }
  k8s::NodeStatus& status = *node.mutable_status();
  write_resources(node_template.capacity, *status.mutable_capacity());
  write_resources(node_template.allocatable, *status.mutable_allocatable());
  k8s::NodeCondition& ready = *status.add_conditions();
  ready.set_type("Ready");
  ready.set_status("True");

  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);  // entries of maps in order of their keys
    node.SerializeToCodedStream(&coded);
  }
  return bytes;
}

Result<Resources> decode_pod_requests(std::string_view bytes) {
  k8s::Pod pod;
  if (!pod.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return failure(ErrorCode::kInvalidArgument, "the pod is not a core/v1 Pod");
  }
  Resources running;   // containers and sidecars
  Resources sidecars;  // started so far
  Resources most;      // of the init phase
  for (const k8s::Container& container : pod.spec().initcontainers()) {
    const Result<Resources> requests = read_resources(container.resources().requests());
    if (!requests) return requests;
    if (container.restartpolicy() == "Always") add_to(sidecars, *requests);
    Resources phase = sidecars;
    if (container.restartpolicy() != "Always") add_to(phase, *requests);
    raise_to(most, phase);
  }
  for (const k8s::Container& container : pod.spec().containers()) {
    const Result<Resources> requests = read_resources(container.resources().requests());
    if (!requests) return requests;
    add_to(running, *requests);
  }
  add_to(running, sidecars);
  raise_to(running, most);
  const Result<Resources> overhead = read_resources(pod.spec().overhead());
  if (!overhead) return overhead;
  add_to(running, *overhead);
  running.pods = 1;
  return running;
}

}  // namespace casim::server
