#include "src/server/k8s_codec.h"

#include <cstdint>
#include <limits>

#include "src/proto/k8s.pb.h"
#include "tests/catch.h"

namespace casim::server {
namespace {

provider::NodeTemplate small_template() {
  provider::NodeTemplate node;
  node.labels = {{"a", "1"}, {"b", "2"}};
  node.taints = {{"dedicated", "ml", "NoSchedule"}};
  node.allocatable.cpu = MilliCpu(3920);
  node.allocatable.memory = Bytes(std::int64_t{15} << 30);
  node.allocatable.pods = 58;
  node.capacity = node.allocatable;
  node.capacity.cpu = MilliCpu(4000);
  return node;
}

void request(k8s::Container& container, const std::string& name, const std::string& amount) {
  (*container.mutable_resources()->mutable_requests())[name].set_string(amount);
}

}  // namespace

TEST_CASE("a template becomes a Kubernetes node with quantities in canonical text", "[server]") {
  const std::string bytes = encode_node("g-template", small_template());
  k8s::Node node;
  REQUIRE(node.ParseFromString(bytes));
  CHECK(node.metadata().name() == "g-template");
  CHECK(node.metadata().labels().at("b") == "2");
  CHECK(node.spec().taints(0).effect() == "NoSchedule");
  CHECK(node.status().capacity().at("cpu").string() == "4");
  CHECK(node.status().allocatable().at("cpu").string() == "3920m");
  CHECK(node.status().allocatable().at("memory").string() == "15Gi");
  CHECK(node.status().allocatable().at("pods").string() == "58");
  CHECK_FALSE(node.status().allocatable().contains("ephemeral-storage"));
  CHECK(node.status().conditions(0).type() == "Ready");
  CHECK(bytes == encode_node("g-template", small_template()));
}

TEST_CASE("a pod requests the sum of its containers plus overhead", "[server]") {
  k8s::Pod pod;
  request(*pod.mutable_spec()->add_containers(), "cpu", "250m");
  k8s::Container& second = *pod.mutable_spec()->add_containers();
  request(second, "cpu", "1");
  request(second, "memory", "1Gi");
  request(second, "nvidia.com/gpu", "2");
  (*pod.mutable_spec()->mutable_overhead())["memory"].set_string("128Mi");
  const Result<Resources> requests = decode_pod_requests(pod.SerializeAsString());
  REQUIRE(requests);
  CHECK(requests->cpu == MilliCpu(1250));
  CHECK(requests->memory == Bytes((std::int64_t{1} << 30) + (128 << 20)));
  CHECK(requests->extended.at("nvidia.com/gpu") == 2);
  CHECK(requests->pods == 1);
}

TEST_CASE("a large init container counts, sidecars run beside everything", "[server]") {
  k8s::Pod pod;
  request(*pod.mutable_spec()->add_containers(), "cpu", "500m");
  k8s::Container& sidecar = *pod.mutable_spec()->add_initcontainers();
  sidecar.set_restartpolicy("Always");
  request(sidecar, "cpu", "100m");
  SECTION("smaller than what runs") {
    request(*pod.mutable_spec()->add_initcontainers(), "cpu", "400m");
    CHECK(decode_pod_requests(pod.SerializeAsString())->cpu == MilliCpu(600));
  }
  SECTION("larger than what runs") {
    request(*pod.mutable_spec()->add_initcontainers(), "cpu", "2");
    CHECK(decode_pod_requests(pod.SerializeAsString())->cpu == MilliCpu(2100));
  }
}

TEST_CASE("requests that no number holds together are more than any node has", "[server]") {
  k8s::Pod pod;
  for (int i = 0; i < 3; ++i) {
    k8s::Container& container = *pod.mutable_spec()->add_containers();
    request(container, "memory", "5Ei");
    request(container, "example.com/x", "9e18");
  }
  const Result<Resources> requests = decode_pod_requests(pod.SerializeAsString());
  REQUIRE(requests);
  CHECK(requests->memory == Bytes(std::numeric_limits<std::int64_t>::max()));
  CHECK(requests->extended.at("example.com/x") == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("empty messages are tolerated, texts that are no quantities are not", "[server]") {
  k8s::Pod pod;
  k8s::Container& container = *pod.mutable_spec()->add_containers();
  (*container.mutable_resources()->mutable_requests())["cpu"];
  CHECK(decode_pod_requests(pod.SerializeAsString())->cpu == MilliCpu(0));
  CHECK(decode_pod_requests("")->pods == 1);
  request(container, "cpu", "four");
  CHECK(decode_pod_requests(pod.SerializeAsString()).error().code == ErrorCode::kInvalidArgument);
  CHECK(decode_pod_requests("\xff\xff").error().code == ErrorCode::kInvalidArgument);
}

}  // namespace casim::server
