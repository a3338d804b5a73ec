#include "sim/autoscaler/simulator/predicates.h"

#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

std::shared_ptr<PodSpec> listening(const std::string& address, int port) {
  auto spec = make_spec("w", 10);
  spec->host_ports.push_back({port, "TCP", address});
  return spec;
}

FailedFilter check_beside(const PodSpecPtr& other, const PodSpec& pod) {
  Snapshot snapshot;
  snapshot.reset({make_info("a", 1000)});
  snapshot.place(snapshot.order().front(), make_pod(1, other));
  return run_filters(snapshot, pod, snapshot.info(snapshot.order().front()));
}

}  // namespace

TEST_CASE("0.0.0.0 is every address, and two addresses do not collide", "[autoscaler]") {
  CHECK(check_beside(listening("0.0.0.0", 80), *listening("10.0.0.1", 80)) ==
        FailedFilter::kNodePorts);
  CHECK(check_beside(listening("10.0.0.1", 80), *listening("0.0.0.0", 80)) ==
        FailedFilter::kNodePorts);
  CHECK(check_beside(listening("", 80), *listening("0.0.0.0", 80)) == FailedFilter::kNodePorts);
  CHECK(check_beside(listening("10.0.0.1", 80), *listening("10.0.0.2", 80)) == FailedFilter::kNone);
  CHECK(check_beside(listening("0.0.0.0", 80), *listening("0.0.0.0", 81)) == FailedFilter::kNone);
}

TEST_CASE("a required affinity term without requirements selects no node", "[autoscaler]") {
  Snapshot snapshot;
  snapshot.reset({make_info("a", 1000)});
  const NodeInfo& node = snapshot.info(snapshot.order().front());
  const auto spec = make_spec("w", 10);
  spec->node_affinity = {LabelSelector{}};
  CHECK(run_filters(snapshot, *spec, node) == FailedFilter::kNodeAffinity);
  spec->node_affinity.push_back(
      {{std::string(kHostnameLabel), LabelRequirement::Operator::kIn, {"a"}}});
  CHECK(run_filters(snapshot, *spec, node) == FailedFilter::kNone);
}

}  // namespace casim::sim
