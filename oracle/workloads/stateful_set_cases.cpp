#include <fmt/format.h>

#include <stdexcept>

#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"
#include "oracle/workloads/workload_lists.h"
#include "oracle/workloads/workload_world.h"
#include "sim/workloads/stateful_set_controller.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

constexpr const char* kUid = "sts";

// The recordings are of 1.36, which does not know maxUnavailable.
StatefulSet set_of(const WorkloadWorld& world) {
  const Json& given = world.given();
  const std::string management = given.value("pod_management", "OrderedReady");
  if (management != "OrderedReady" && management != "Parallel") {
    throw std::runtime_error("unknown pod_management " + management);
  }
  StatefulSet set;
  set.owner = WorkloadWorld::owner(OwnerKind::kStatefulSet, kUid);
  set.workload = WorkloadId(0);
  set.pod = *world.spec(OwnerKind::kStatefulSet, kUid, "1");
  set.replicas = given.at("replicas");
  set.parallel = management == "Parallel";
  set.partition = given.value("partition", 0);
  set.min_ready = from_seconds(given.value("min_ready_s", 0.0));
  return set;
}

std::string run_sts(const Json& given, const Json& expect) {
  check_keys(given,
             {"created_at_s", "duration_s", "replicas", "pod", "pod_by_revision", "pod_by_number",
              "pod_from_number", "pod_by_index", "events", "pod_management", "partition",
              "min_ready_s", "qps", "burst", "write_latency_s", "controllers_start_s"});
  WorkloadWorld world(given);
  StatefulSetController sets(world.api(), world.client("statefulset-controller"), world);
  world.informer().add(static_cast<WorkloadController&>(sets));
  world.at_creation([&] { sets.create(set_of(world)); });
  world.on("scale", [&](const Json& event) { sets.scale(kUid, event.at("value")); });
  world.on("revision", [&](const Json& event) {
    sets.set_template(kUid, event.at("name"),
                      *world.spec(OwnerKind::kStatefulSet, kUid, event.at("name")));
  });
  world.run();
  const PodText ordinal = [](const MadePod& pod) { return std::to_string(pod.index); };
  Checks checks;
  checks["created"] = [&](const Json& rows) {
    return compare_names(rows, created_names(world.pods(), ordinal));
  };
  checks["deleted"] = [&](const Json& rows) {
    return compare_names(rows, deleted_names(world.pods(), ordinal));
  };
  return check_all(expect, checks);
}

}  // namespace

std::vector<WorkloadFamily> stateful_set_families() { return {{"sts", run_sts}}; }

}  // namespace casim::oracle
