#include <algorithm>
#include <memory>
#include <utility>

#include "oracle/paths/path_story.h"
#include "sim/paths/cluster_api/health_check.h"
#include "sim/paths/cluster_api/machine_controller.h"
#include "sim/paths/cluster_api/machine_deployment_controller.h"
#include "sim/paths/cluster_api/machine_set_controller.h"

namespace casim::oracle {
namespace {

using sim::InfraMachineObject;
using sim::MachineDeploymentObject;
using sim::MachineHealth;
using sim::MachineObject;
using sim::MachineSetObject;
using sim::Phase;
using sim::WorkloadNode;

constexpr std::uint32_t kFirst = 0;  // the deployment, or the only set

sim::MachineDeleteOrder order_of(const std::string& name) {
  if (name == "Random") return sim::MachineDeleteOrder::kRandom;
  if (name == "Newest") return sim::MachineDeleteOrder::kNewest;
  if (name == "Oldest") return sim::MachineDeleteOrder::kOldest;
  throw std::runtime_error("unknown order " + name);
}

sim::ClusterApiConfig cluster_api_config_of(const Json& given) {
  sim::ClusterApiConfig config;
  config.kube_qps = 0;
  config.kube_call = Distribution::constant(seconds_of(given, "kube_write_s"));
  config.watch_delay = Distribution::constant(seconds_of(given, "watch_delay_s"));
  config.bootstrap_secret = Distribution();
  if (!given.contains("mhc")) return config;
  const Json& mhc = given.at("mhc");
  check_keys(mhc, {"node_startup_timeout_s", "unhealthy_after_s", "max_in_flight",
                   "remediate_if_at_most_unhealthy"});
  config.health_check.enabled = true;
  config.health_check.node_startup_timeout = seconds_of(mhc, "node_startup_timeout_s", 600);
  config.health_check.unhealthy_after = seconds_of(mhc, "unhealthy_after_s");
  if (mhc.contains("max_in_flight")) config.health_check.max_in_flight = mhc["max_in_flight"];
  if (mhc.contains("remediate_if_at_most_unhealthy")) {
    config.health_check.at_most_unhealthy = mhc["remediate_if_at_most_unhealthy"];
  }
  return config;
}

class MachinesCase {
 public:
  explicit MachinesCase(const Json& given)
      : given_(given),
        lag_(seconds_of(given, "watch_delay_s")),
        state_(kernel_, random_, cluster_api_config_of(given)),
        machines_(state_),
        sets_(state_, {}),
        deployments_(state_) {
    if (state_.config.health_check.enabled) {
      health_check_ = std::make_unique<sim::MachineHealthCheck>(state_);
    }
    watch();
    create();
    plan_hands();
  }

  PathStory run() {
    for (const char* key :
         {"machine_created_at_s", "node_ref_at_s", "machine_deleted_at_s", "machine_deleted",
          "machine_gone_at_s", "unhealthy_at_s", "unhealthy"}) {
      story_.lists[key];
    }
    kernel_.run(kTimeZero + from_seconds(given_.at("duration_s")), 100'000'000);
    for (sim::ReconcileLoop* loop : {&machines_.loop(), &sets_.loop(), &deployments_.loop()}) {
      loop->crash();
    }
    if (health_check_) health_check_->loop().crash();
    kernel_.settle();
    for (auto& [key, list] : story_.lists) std::ranges::sort(list);
    return story_;
  }

 private:
  bool is_deployment() const { return given_.value("deployment", false); }

  void create() {
    const sim::MachineDeleteOrder order = order_of(given_.value("order", "Random"));
    if (!is_deployment()) {
      MachineSetObject set;
      set.replicas = given_.at("replicas");
      set.order = order;
      state_.sets.create(set);
      return;
    }
    MachineDeploymentObject deployment;
    deployment.replicas = given_.at("replicas");
    deployment.order = order;
    deployment.max_surge = given_.value("max_surge", 1);
    deployment.max_unavailable = given_.value("max_unavailable", 0);
    state_.deployments.create(deployment);
  }

  template <class Action>
  void at(double t, Action action) {
    kernel_.at(kTimeZero + from_seconds(t), Phase::kWorld, std::move(action));
  }

  // What people do.
  void plan_hands() {
    for (const Json& step : given_.value("scale", Json::array())) {
      check_keys(step, {"t", "replicas"});
      at(step.at("t"), [this, replicas = step.at("replicas").get<int>()] {
        if (is_deployment()) {
          state_.deployments.modify(kFirst, [&](auto& d) { d.replicas = replicas; });
        } else {
          state_.sets.modify(kFirst, [&](auto& s) { s.replicas = replicas; });
        }
      });
    }
    for (const Json& step : given_.value("delete_machine_at", Json::array())) {
      check_keys(step, {"t", "machine"});
      at(step.at("t"), [this, machine = step.at("machine").get<std::uint32_t>()] {
        state_.machines.modify(machine, [](MachineObject& m) {
          m.is_deleted = true;
          ++m.generation;
        });
      });
    }
    if (given_.contains("new_template_at_s")) {
      at(given_.at("new_template_at_s"),
         [this] { state_.deployments.modify(kFirst, [](auto& d) { ++d.revision; }); });
    }
  }

  bool is_listed(const char* key, std::uint32_t number) const {
    return std::ranges::count(given_.value(key, std::vector<std::uint32_t>{}), number) > 0;
  }

  void watch() {
    state_.infra.subscribe([this](std::uint32_t key, const InfraMachineObject* before,
                                  const InfraMachineObject* after) {
      const double written = to_seconds(kernel_.now() - lag_);
      if (before == nullptr && !is_listed("infra_never", key)) provision(key, written);
      if (after != nullptr && after->is_deleted && (before == nullptr || !before->is_deleted)) {
        at(written + given_.at("infra_delete_s").get<double>(),
           [this, key] { state_.infra.erase(key); });
      }
    });
    state_.machines.subscribe([this](std::uint32_t key, const MachineObject* before,
                                     const MachineObject* after) { note(key, before, after); });
  }

  void provision(std::uint32_t key, double created) {
    const double infra = created + given_.at("infra_s").get<double>();
    const double node = infra + given_.at("node_s").get<double>();
    const std::string id = "node-" + std::to_string(key);
    at(infra, [this, key, id] {
      state_.infra.modify(key, [&](InfraMachineObject& i) {
        i.is_provisioned = true;
        i.provider_id = id;
      });
    });
    if (is_listed("node_never", key)) return;
    at(node, [this, key, id] {
      const InfraMachineObject* infra_now = state_.infra.newest(key);
      if (infra_now == nullptr || infra_now->is_deleted) return;
      WorkloadNode created_node;
      created_node.provider_id = id;
      created_node.changed = state_.stamp();
      const std::uint32_t number = state_.nodes.create(created_node);
      kernel_.after(seconds_of(given_, "node_ready_s"), Phase::kWorld, [this, number] {
        state_.nodes.modify(number, [&](WorkloadNode& n) {
          n.is_ready = true;
          n.changed = state_.stamp();
        });
      });
    });
  }

  void note(std::uint32_t key, const MachineObject* before, const MachineObject* after) {
    const double t = to_seconds(kernel_.now() - lag_);
    if (after == nullptr) {
      story_.lists["machine_gone_at_s"].push_back(t);
      return;
    }
    if (before == nullptr) {
      story_.lists["machine_created_at_s"].push_back(t);
      return;
    }
    if (!before->status.node && after->status.node) story_.lists["node_ref_at_s"].push_back(t);
    if (!before->is_deleted && after->is_deleted) {
      story_.lists["machine_deleted_at_s"].push_back(t);
      story_.lists["machine_deleted"].push_back(key);
    }
    if (before->health != MachineHealth::kUnhealthy && after->health == MachineHealth::kUnhealthy) {
      story_.lists["unhealthy_at_s"].push_back(t);
      story_.lists["unhealthy"].push_back(key);
    }
  }

  const Json& given_;
  Duration lag_;
  sim::Kernel kernel_{WallTime{} + std::chrono::hours(24)};
  Random random_{1};
  sim::ClusterApiState state_;
  sim::MachineController machines_;
  sim::MachineSetController sets_;
  sim::MachineDeploymentController deployments_;
  std::unique_ptr<sim::MachineHealthCheck> health_check_;
  PathStory story_;
};

}  // namespace

PathStory run_machines_case(const Json& given) {
  check_keys(given, {"replicas", "infra_s", "node_s", "node_ready_s", "infra_delete_s",
                     "kube_write_s", "watch_delay_s", "duration_s", "deployment", "scale",
                     "delete_machine_at", "infra_never", "node_never", "mhc", "order", "max_surge",
                     "max_unavailable", "new_template_at_s"});
  return MachinesCase(given).run();
}

}  // namespace casim::oracle
