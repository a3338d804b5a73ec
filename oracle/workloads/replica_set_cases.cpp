#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"
#include "oracle/workloads/workload_lists.h"
#include "oracle/workloads/workload_world.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

// One ReplicaSet, or `objects` equal ones.
struct ReplicaSetWorld {
  explicit ReplicaSetWorld(const Json& given)
      : world(given), sets(world.api(), world.client("replicaset-controller"), world) {
    check_keys(given, {"created_at_s", "duration_s", "replicas", "objects", "pod", "pods", "events",
                       "pod_by_number", "pod_from_number", "qps", "burst", "write_latency_s",
                       "controllers_start_s"});
    world.informer().add(static_cast<WorkloadController&>(sets));
    world.on("scale", [this](const Json& event) { sets.scale(uid(0), event.at("value")); });
  }

  static std::string uid(int number) { return fmt::format("rs-{}", number); }

  void create(int number, std::uint64_t replicas, std::string controller = "") {
    ReplicaSet set;
    set.owner = WorkloadWorld::owner(OwnerKind::kReplicaSet, uid(number));
    set.pods = {world.spec(OwnerKind::kReplicaSet, uid(number), "1"),
                WorkloadId(static_cast<std::uint32_t>(number)), 0};
    set.replicas = replicas;
    set.controller = std::move(controller);
    sets.create(std::move(set));
  }

  void create_in_time() {
    world.at_creation([this] {
      for (int i = 0; i < world.given().value("objects", 1); ++i) {
        create(i, world.given().at("replicas"));
      }
    });
  }

  WorkloadWorld world;
  ReplicaSetController sets;
};

void add_pod_checks(Checks& checks, const WorkloadWorld& world) {
  checks["created"] = [&world](const Json& rows) {
    return compare_counts(rows, created(world.pods()));
  };
  checks["deleted"] = [&world](const Json& rows) {
    return compare_counts(rows, deleted(world.pods()));
  };
}

std::string run_rs(const Json& given, const Json& expect) {
  ReplicaSetWorld of(given);
  of.create_in_time();
  of.world.run();
  Checks checks;
  add_pod_checks(checks, of.world);
  return check_all(expect, checks);
}

std::string run_replica_set_rate(const Json& given, const Json& expect) {
  ReplicaSetWorld of(given);
  of.create_in_time();
  of.world.run();
  Checks checks;
  add_rate_checks(checks, of.world);
  return check_all(expect, checks);
}

// When the last obstacle was taken away.
std::optional<double> lifted_at(const Json& given) {
  std::optional<double> lifted;
  for (const Json& event : given.value("events", Json::array())) {
    const bool is_quota = event.at("type") == "quota" && event.at("value") == 0;
    const bool is_error = event.at("type") == "create_errors" && !event.at("flag").get<bool>();
    if (is_quota || is_error) lifted = event.at("t");
  }
  return lifted;
}

std::string run_quota(const Json& given, const Json& expect) {
  ReplicaSetWorld of(given);
  of.create_in_time();
  bool has_failed = false;
  // The condition stands from the first refusal until all is well.
  const double seen_at = lifted_at(given).value_or(given.at("duration_s").get<double>());
  of.world.at(seen_at, [&] { has_failed = of.sets.state(ReplicaSetWorld::uid(0)).status.failed; });
  of.world.run();
  const CountsAt made = created(of.world.pods());
  std::int64_t first = 0;
  std::optional<double> resumed;
  for (const auto& [t, n] : made) {
    if (t <= given.at("created_at_s").get<double>() + 1) first += n;
    if (!resumed && lifted_at(given) && t >= *lifted_at(given)) resumed = t;
  }
  Checks checks;
  add_pod_checks(checks, of.world);
  checks["created_at_first"] = [&](const Json& n) { return compare_equal(n, first); };
  checks["created_total"] = [&](const Json& n) { return compare_equal(n, total(made)); };
  checks["resumed_between"] = [&](const Json& range) { return compare_range(range, resumed); };
  checks["condition"] = [&](const Json& texts) {
    Json got = Json::array();
    if (has_failed) got.push_back("ReplicaFailure=True FailedCreate");
    return compare_equal(texts, got);
  };
  return check_all(expect, checks);
}

// UIDs compare as texts: so do their first eight bytes, read as a number.
std::uint64_t uid_of(const std::string& text) {
  if (text.size() > 8) throw std::runtime_error("a UID of more than 8 characters: " + text);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    number = number << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return number;
}

// A given pod of the order cases, as it is at the event. The scripted kubelet leaves it alone.
void add_pod(WorkloadWorld& world, const Json& pod, double event_t, int set, std::uint64_t index) {
  check_keys(pod, {"name", "uid", "age_s", "node", "ready_for_s", "phase", "restarts",
                   "deletion_cost", "of_sibling_replica_set"});
  PodSpec spec = *world.spec(OwnerKind::kReplicaSet, ReplicaSetWorld::uid(set), "1");
  if (pod.contains("deletion_cost")) {
    spec.annotations["controller.kubernetes.io/pod-deletion-cost"] = pod.at("deletion_cost");
  }
  NewPod fresh;
  fresh.spec = std::make_shared<const PodSpec>(std::move(spec));
  fresh.name = pod.at("name");
  fresh.uid = uid_of(pod.at("uid"));
  fresh.workload = WorkloadId(static_cast<std::uint32_t>(set));
  fresh.index = index;
  const PodId id = world.api().create_pod(std::move(fresh));
  const std::string node = pod.value("node", "");
  if (!node.empty()) {
    if (!world.cluster().find_node(node).is_valid()) {
      const Json given = {{"name", node}};
      world.api().create_node({workload_nodes_of(given).front(), "", ""});
    }
    if (!world.api().bind(id, world.cluster().find_node(node))) {
      throw std::runtime_error("a pod cannot be placed on " + node);
    }
    if (pod.value("phase", "Running") == "Running") world.api().set_running(id, false);
  }
  const auto back = [&](const char* key) {
    return world.kernel().wall(workload_time_of(event_t - pod.at(key).get<double>()));
  };
  world.cluster().edit_pod(id, [&](Pod& next) {
    next.creation_timestamp = back("age_s");
    next.restarts = pod.value("restarts", 0);
    if (pod.contains("ready_for_s")) next.ready_since = back("ready_for_s");
  });
}

std::string run_order(const Json& given, const Json& expect) {
  Json alone = given;
  alone["pod"]["bind_s"] = -1;
  ReplicaSetWorld of(alone);
  const double event_t = given.at("events").at(0).at("t");
  std::uint64_t siblings = 0;
  for (const Json& pod : given.at("pods")) {
    siblings += pod.value("of_sibling_replica_set", false) ? 1 : 0;
  }
  of.create(0, given.at("replicas"), "deployment");
  of.create(1, siblings, "deployment");
  std::uint64_t index = 0;
  for (const Json& pod : given.at("pods")) {
    add_pod(of.world, pod, event_t, pod.value("of_sibling_replica_set", false) ? 1 : 0, index++);
  }
  of.world.run();
  std::vector<std::string> names;
  std::optional<double> t;
  for (const MadePod& pod : of.world.pods()) {
    if (!pod.deleted) continue;
    names.push_back(given.at("pods").at(pod.index).at("name"));
    t = to_seconds(*pod.deleted);
  }
  std::ranges::sort(names);
  Checks checks;
  checks["deleted"] = [&](const Json& expected) { return compare_equal(expected, names); };
  checks["t"] = [&](const Json& expected) { return compare_time(expected, t); };
  return check_all(expect, checks);
}

}  // namespace

std::vector<WorkloadFamily> replica_set_families() {
  return {{"rs", run_rs},
          {"quota", run_quota},
          {"rs-order", run_order},
          {"rate-rs", run_replica_set_rate}};
}

}  // namespace casim::oracle
