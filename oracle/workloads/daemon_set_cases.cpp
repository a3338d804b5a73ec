#include <fmt/format.h>

#include <stdexcept>

#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"
#include "oracle/workloads/workload_lists.h"
#include "oracle/workloads/workload_world.h"
#include "sim/workloads/daemon_set_controller.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

std::string daemon_uid_of(int number) { return fmt::format("ds-{}", number); }

PodSpec template_of(const WorkloadWorld& world, const std::string& uid,
                    const std::string& revision) {
  const Json& given = world.given();
  PodSpec pod = *world.spec(OwnerKind::kDaemonSet, uid, revision);
  pod.node_selector = given.value("node_selector", Labels{});
  for (const Json& toleration : given.value("tolerations", Json::array())) {
    pod.tolerations.push_back(workload_toleration_of(toleration));
  }
  return pod;
}

IntOrPercent int_or_percent(const Json& given, const char* key, std::int64_t otherwise) {
  if (!given.contains(key)) return IntOrPercent::of(otherwise);
  const Json& value = given.at(key);
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return {std::stoll(text), text.ends_with('%')};
}

// One DaemonSet, or `objects` equal ones.
class DaemonSetWorld {
 public:
  explicit DaemonSetWorld(const Json& given)
      : world(given), sets_(world.api(), world.client("daemonset-controller"), random_) {
    check_keys(given, {"created_at_s", "duration_s", "nodes", "objects", "pod", "pod_by_revision",
                       "pod_by_number", "pod_from_number", "events", "tolerations", "node_selector",
                       "max_unavailable", "max_surge", "qps", "burst", "write_latency_s",
                       "controllers_start_s"});
    world.informer().add(static_cast<Watcher&>(sets_));
    world.informer().add(static_cast<WorkloadController&>(sets_));
    world.at_creation([this] {
      for (int i = 0; i < objects(); ++i) create(daemon_uid_of(i));
    });
    world.on("revision", [this](const Json& event) {
      const std::string name = event.at("name");
      for (int i = 0; i < objects(); ++i) {
        sets_.set_template(daemon_uid_of(i), name, template_of(world, daemon_uid_of(i), name));
      }
    });
  }

  WorkloadWorld world;

 private:
  int objects() const { return world.given().value("objects", 1); }

  void create(const std::string& uid) {
    DaemonSet set;
    set.owner = WorkloadWorld::owner(OwnerKind::kDaemonSet, uid);
    set.workload = WorkloadId(0);
    set.pod = template_of(world, uid, "1");
    set.max_unavailable = int_or_percent(world.given(), "max_unavailable", 1);
    set.max_surge = int_or_percent(world.given(), "max_surge", 0);
    sets_.create(std::move(set));
  }

  Random random_{1};
  DaemonSetController sets_;
};

std::string run_ds(const Json& given, const Json& expect) {
  DaemonSetWorld of(given);
  of.world.run();
  const auto& pods = of.world.pods();
  const PodText node = [](const MadePod& pod) { return pod.node; };
  Checks checks;
  checks["created"] = [&](const Json& rows) { return compare_counts(rows, created(pods)); };
  checks["deleted"] = [&](const Json& rows) { return compare_counts(rows, deleted(pods)); };
  checks["created_nodes"] = [&](const Json& rows) {
    return compare_names(rows, created_names(pods, node));
  };
  checks["deleted_nodes"] = [&](const Json& rows) {
    return compare_names(rows, deleted_names(pods, node));
  };
  return check_all(expect, checks);
}

std::string run_daemon_set_rate(const Json& given, const Json& expect) {
  DaemonSetWorld of(given);
  of.world.run();
  Checks checks;
  add_rate_checks(checks, of.world);
  return check_all(expect, checks);
}

}  // namespace

std::vector<WorkloadFamily> daemon_set_families() {
  return {{"ds", run_ds}, {"rate-ds", run_daemon_set_rate}};
}

}  // namespace casim::oracle
