#include "sim/scenario/check_hpas.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "src/config/names.h"

namespace casim::sim {
namespace {

class HpaCheck {
 public:
  HpaCheck(const Scenario& scenario, const config::Document& document, config::Problems& problems)
      : scenario_(scenario), document_(document), problems_(problems) {}

  void check(std::size_t number) {
    const HpaScenario& hpa = scenario_.hpas[number];
    const std::string path = fmt::format("hpas[{}]", number);
    check_target(path + ".target", hpa.target);
    check_scale_to_zero(path + ".minReplicas", hpa);
    for (std::size_t other = 0; other < number; ++other) {
      if (scenario_.hpas[other].target != hpa.target) continue;
      error(path + ".target",
            fmt::format("{} sizes it already (AmbiguousSelector)", scenario_.hpas[other].name));
    }
  }

 private:
  void error(const std::string& path, const std::string& message) {
    document_.error(problems_, path, message);
  }

  // A Deployment, or one ReplicaSet.
  static bool is_set(const Workload& workload) {
    const auto* burst = std::get_if<BurstWorkload>(&workload.body);
    if (burst != nullptr) return burst->run_for == Duration{};
    return std::holds_alternative<InitialWorkload>(workload.body) ||
           std::holds_alternative<DeploymentWorkload>(workload.body);
  }

  void check_target(const std::string& path, const std::string& target) {
    if (target.empty()) return;  // said already
    std::vector<std::string_view> names;
    for (const Workload& workload : scenario_.workloads) {
      if (workload.name == target) return check_sized(path, workload);
      if (is_set(workload)) names.push_back(workload.name);
    }
    error(path,
          fmt::format("unknown workload \"{}\"{}", target, config::suggestion(target, names)));
  }

  void check_sized(const std::string& path, const Workload& workload) {
    const auto* burst = std::get_if<BurstWorkload>(&workload.body);
    if (!is_set(workload)) {
      error(path, fmt::format("{} cannot be sized: a deployment can, a burst without run_for, or "
                              "initial pods",
                              workload.name));
    } else if (burst != nullptr && burst->over > Duration{}) {
      error(path, fmt::format("the pods of {} arrive one by one, which would size it as well: "
                              "leave out its `over`",
                              workload.name));
    }
  }

  void check_scale_to_zero(const std::string& path, const HpaScenario& hpa) {
    if (hpa.min_replicas > 0) return;
    if (!hpa_release(scenario_.controllers.version).scales_to_zero()) {
      error(path, fmt::format("0 needs controllers.version 1.37 (gate HPAScaleToZero), not {}",
                              scenario_.controllers.version));
    } else if (!resolve_hpa(hpa).has_object_or_external()) {
      error(path, "0 needs an object or external metric, which can be read without pods");
    }
  }

  const Scenario& scenario_;
  const config::Document& document_;
  config::Problems& problems_;
};

}  // namespace

void check_hpas(const Scenario& scenario, const config::Document& document,
                config::Problems& problems) {
  HpaCheck check(scenario, document, problems);
  for (std::size_t i = 0; i < scenario.hpas.size(); ++i) check.check(i);
}

void check_endless(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems) {
  if (scenario.duration) return;
  const bool has_cron_job = std::ranges::any_of(scenario.workloads, [](const Workload& one) {
    return std::holds_alternative<CronJobWorkload>(one.body);
  });
  if (has_cron_job) {
    document.error(problems, "duration", "is needed: a CronJob makes Jobs for ever");
  }
  if (!scenario.hpas.empty()) {
    document.error(problems, "duration", "is needed: an HPA may act at any time");
  }
}

}  // namespace casim::sim
