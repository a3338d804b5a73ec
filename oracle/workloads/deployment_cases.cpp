#include <fmt/format.h>

#include <map>
#include <optional>
#include <stdexcept>

#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"
#include "oracle/workloads/workload_lists.h"
#include "oracle/workloads/workload_world.h"
#include "sim/workloads/deployment_controller.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

// Sizes of all ReplicaSets by revision, at the end of each instant that changed one.
using Sizes = std::map<double, std::map<std::string, std::uint64_t>>;

IntOrPercent int_or_percent(const Json& given, const char* key) {
  if (!given.contains(key)) return IntOrPercent::percent(25);
  const std::string text =
      given.at(key).is_string() ? given.at(key).get<std::string>() : given.at(key).dump();
  const bool is_percent = text.ends_with('%');
  return {std::stoll(text), is_percent};
}

// One Deployment, or `objects` equal ones, and the controller of their ReplicaSets.
class DeploymentWorld {
 public:
  explicit DeploymentWorld(const Json& given)
      : world(given),
        sets_(world.api(), world.client("replicaset-controller"), world),
        deployments_(world.api(), world.client("deployment-controller"), sets_, world) {
    check_keys(given, {"created_at_s", "duration_s", "replicas", "objects", "pod",
                       "pod_by_revision", "pod_by_number", "pod_from_number", "events", "max_surge",
                       "max_unavailable", "min_ready_s", "progress_deadline_s", "strategy", "qps",
                       "burst", "write_latency_s", "controllers_start_s"});
    world.informer().add(static_cast<WorkloadController&>(sets_));
    deployments_.when_status_written(
        [this](const std::string& uid, const DeploymentStatus& status) { on_status(uid, status); });
    world.at_creation([this] {
      for (int i = 0; i < world.given().value("objects", 1); ++i) create(i);
    });
    world.on("scale", [this](const Json& event) {
      for_all([&](const std::string& uid) { deployments_.scale(uid, event.at("value")); });
    });
    world.on("revision", [this](const Json& event) { set_revision(event.at("name")); });
    world.informer().add(static_cast<Watcher&>(owners_));
  }

  WorkloadWorld world;
  Sizes sizes;
  std::vector<double> completed;  // each time that a Deployment became complete
  std::optional<double> deadline_exceeded;

 private:
  // Hears of every ReplicaSet.
  struct Owners final : Watcher {
    explicit Owners(DeploymentWorld& of) : of_(of) {}

    void on_watch(const WatchEvent& event) override {
      if (const auto* changed = std::get_if<OwnerChanged>(&event)) of_.on_owner(changed->owner);
    }

    DeploymentWorld& of_;
  };

  static std::string uid(int number) { return fmt::format("d-{}", number); }

  template <class Visit>
  void for_all(Visit visit) {
    for (int i = 0; i < world.given().value("objects", 1); ++i) visit(uid(i));
  }

  void create(int number) {
    const Json& given = world.given();
    Deployment deployment;
    deployment.uid = uid(number);
    deployment.workload = WorkloadId(static_cast<std::uint32_t>(number));
    deployment.pod = *world.spec(OwnerKind::kReplicaSet, uid(number), "1");
    deployment.replicas = given.at("replicas");
    const std::string strategy = given.value("strategy", "RollingUpdate");
    if (strategy != "RollingUpdate" && strategy != "Recreate") {
      throw std::runtime_error("unknown strategy " + strategy);
    }
    deployment.strategy = {strategy == "Recreate", int_or_percent(given, "max_surge"),
                           int_or_percent(given, "max_unavailable")};
    deployment.min_ready = from_seconds(given.value("min_ready_s", 0.0));
    deployment.progress_deadline = from_seconds(given.value("progress_deadline_s", 600.0));
    deployments_.create(std::move(deployment));
  }

  void set_revision(const std::string& name) {
    for_all([&](const std::string& uid) {
      deployments_.set_template(uid, name, *world.spec(OwnerKind::kReplicaSet, uid, name));
    });
  }

  void on_owner(const Owner& owner) {
    const std::string revision = owner.uid.substr(owner.uid.rfind('/') + 1);
    const auto replicas = static_cast<std::uint64_t>(owner.replicas);
    const auto [known, is_new] = replicas_.try_emplace(revision, replicas);
    if (!is_new && known->second == replicas) return;
    known->second = replicas;
    sizes[to_seconds(world.now())] = replicas_;
  }

  void on_status(const std::string& uid, const DeploymentStatus& status) {
    if (!status.progress) return;
    const ProgressReason reason = status.progress->reason;
    const auto [known, is_new] = reasons_.try_emplace(uid, reason);
    if (!is_new && known->second == reason) return;
    known->second = reason;
    const double t = to_seconds(world.now());
    if (reason == ProgressReason::kNewReplicaSetAvailable) completed.push_back(t);
    if (reason == ProgressReason::kProgressDeadlineExceeded) deadline_exceeded = t;
  }

  ReplicaSetController sets_;
  DeploymentController deployments_;
  Owners owners_{*this};
  std::map<std::string, std::uint64_t> replicas_;  // by revision
  std::map<std::string, ProgressReason> reasons_;  // by uid
};

std::string compare_sizes(const Json& expected, const Sizes& got) {
  Json rows = Json::array();
  for (const auto& [t, sizes] : got) rows.push_back(Json::array({t, sizes}));
  if (rows.size() == expected.size()) {
    bool equal = true;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double t = rows[i][0];
      equal =
          equal && compare_time(expected[i].at(0), t).empty() && expected[i].at(1) == rows[i][1];
    }
    if (equal) return "";
  }
  return fmt::format("expected {}, got {}", expected.dump(), rows.dump());
}

// {revision: rows}; revisions without a row may be left out.
std::string compare_by_revision(const Json& expected, const WorkloadWorld& world,
                                CountsAt (*counts)(const std::vector<MadePod>&, const PodFilter&)) {
  std::map<std::string, Json> rows;
  for (const auto& [revision, of] : expected.items()) rows[revision] = of;
  for (const MadePod& pod : world.pods()) rows.try_emplace(pod.revision, Json::array());
  for (const auto& [revision, of] : rows) {
    const std::string difference = compare_counts(
        of, counts(world.pods(), [&](const MadePod& pod) { return pod.revision == revision; }));
    if (!difference.empty()) return fmt::format("revision {}: {}", revision, difference);
  }
  return "";
}

// One range for each completed rollout; the creation counts where there is one more.
std::string compare_completions(const Json& ranges, std::vector<double> completed) {
  if (completed.size() == ranges.size() + 1) completed.erase(completed.begin());
  if (completed.size() != ranges.size()) {
    return fmt::format("expected {}, got {}", ranges.dump(), Json(completed).dump());
  }
  for (std::size_t i = 0; i < completed.size(); ++i) {
    const std::string difference = compare_range(ranges[i], completed[i]);
    if (!difference.empty()) return difference;
  }
  return "";
}

std::string run_deploy(const Json& given, const Json& expect) {
  DeploymentWorld of(given);
  of.world.run();
  Checks checks;
  checks["sizes"] = [&](const Json& rows) { return compare_sizes(rows, of.sizes); };
  checks["created"] = [&](const Json& rows) {
    return compare_by_revision(rows, of.world, created);
  };
  checks["deleted"] = [&](const Json& rows) {
    return compare_by_revision(rows, of.world, deleted);
  };
  checks["complete_t"] = [&](const Json& t) {
    return compare_time(t, of.completed.empty() ? std::optional<double>() : of.completed.back());
  };
  checks["deadline_exceeded_t"] = [&](const Json& t) {
    return compare_time(t, of.deadline_exceeded);
  };
  return check_all(expect, checks);
}

std::string run_deployment_rate(const Json& given, const Json& expect) {
  DeploymentWorld of(given);
  of.world.run();
  Checks checks;
  add_rate_checks(checks, of.world);
  checks["complete_t"] = [&](const Json& ranges) {
    return compare_completions(ranges, of.completed);
  };
  return check_all(expect, checks);
}

}  // namespace

std::vector<WorkloadFamily> deployment_families() {
  return {{"deploy", run_deploy}, {"rate-deploy", run_deployment_rate}};
}

}  // namespace casim::oracle
