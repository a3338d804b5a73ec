// Kubernetes objects from the wire: any bytes are one or are refused, and what one side writes the
// other reads.
//   build/fuzz/bin/k8s_codec_fuzz CORPUS
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/rpc/k8s_objects.h"
#include "src/proto/k8s.pb.h"
#include "src/server/k8s_codec.h"
#include "tests/fuzz/choices.h"

namespace {

using casim::fuzz::Choices;

std::string text_of(Choices& choices) {
  constexpr std::string_view kParts[] = {"1",   "5",  "0",  ".",    "-",      "e",      "m",  "k",
                                         "Ki",  "Gi", "Ei", "cpu",  "memory", "Always", "9",  "n",
                                         "a/b", "+",  "E",  "pods", "99999",  "u",      "Ti", "x"};
  std::string text;
  for (std::size_t left = choices.below(8); left > 0; --left) {
    text += kParts[choices.below(std::size(kParts))];
  }
  return text;
}

void fill(casim::k8s::Container& container, Choices& choices) {
  constexpr const char* kNames[] = {"cpu", "memory", "ephemeral-storage", "nvidia.com/gpu"};
  if (choices.below(3) == 0) container.set_restartpolicy("Always");
  auto& requests = *container.mutable_resources()->mutable_requests();
  for (std::size_t left = choices.below(5); left > 0; --left) {
    const std::size_t name = choices.below(std::size(kNames) + 1);
    requests[name < std::size(kNames) ? kNames[name] : text_of(choices)].set_string(
        text_of(choices));
  }
}

// A pod whose parts the input chooses: few bytes reach far.
std::string pod_of(Choices choices) {
  casim::k8s::Pod pod;
  while (!choices.is_spent() && pod.spec().containers_size() < 10) {
    fill(choices.below(2) == 0 ? *pod.mutable_spec()->add_containers()
                               : *pod.mutable_spec()->add_initcontainers(),
         choices);
  }
  return pod.SerializeAsString();
}

casim::provider::NodeTemplate template_of(Choices choices) {
  casim::provider::NodeTemplate node;
  node.capacity.cpu = casim::MilliCpu(static_cast<std::int64_t>(choices.below(1'000'000)));
  node.capacity.memory = casim::Bytes(static_cast<std::int64_t>(choices.below(SIZE_MAX / 2)));
  node.capacity.pods = static_cast<std::int64_t>(choices.below(200));
  node.allocatable = node.capacity;
  while (!choices.is_spent() && node.labels.size() < 10) {
    node.labels[text_of(choices)] = text_of(choices);
    node.taints.push_back({text_of(choices), text_of(choices), "NoSchedule"});
  }
  return node;
}

void check_node(const casim::provider::NodeTemplate& given) {
  const auto node = casim::sim::decode_node(casim::server::encode_node("n", given));
  const bool is_same = node && node->capacity == given.capacity &&
                       node->allocatable == given.allocatable && node->labels == given.labels &&
                       node->taints.size() == given.taints.size();
  if (!is_same) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  casim::server::decode_pod_requests(bytes);
  casim::sim::decode_node(bytes);
  casim::server::decode_pod_requests(pod_of(Choices(bytes)));
  check_node(template_of(Choices(bytes)));
  return 0;
}
