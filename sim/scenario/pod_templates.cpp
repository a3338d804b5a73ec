#include "sim/scenario/pod_templates.h"

#include <fmt/format.h>

#include "sim/cluster/own_labels.h"

namespace casim::sim {
namespace {

struct LabelsByKind {
  using Keys = std::vector<std::string>;

  Keys operator()(const DeploymentWorkload&) const { return {kTemplateHashLabel}; }

  Keys operator()(const StatefulSetWorkload&) const { return {kRevisionHashLabel}; }

  Keys operator()(const DaemonSetWorkload&) const { return {kRevisionHashLabel}; }

  Keys operator()(const JobWorkload&) const { return {kJobNameLabel, kJobUidLabel}; }

  Keys operator()(const CronJobWorkload&) const { return {kJobNameLabel, kJobUidLabel}; }

  Keys operator()(const auto&) const { return {}; }
};

}  // namespace

const PodTemplate* pod_of(const Workload& workload) {
  return std::visit(
      [](const auto& body) -> const PodTemplate* {
        if constexpr (requires { body.pod; }) {
          return &body.pod;
        } else if constexpr (requires { body.job.pod; }) {
          return &body.job.pod;
        } else {
          return nullptr;
        }
      },
      workload.body);
}

std::vector<std::string> controller_labels(const Workload& workload) {
  return std::visit(LabelsByKind(), workload.body);
}

std::vector<std::string> all_controller_labels() {
  return {kTemplateHashLabel,
          kRevisionHashLabel,
          kJobNameLabel,
          kJobUidLabel,
          "batch.kubernetes.io/job-completion-index",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index"};
}

void for_each_template(const Scenario& scenario,
                       const std::function<void(const FoundTemplate& found)>& visit) {
  for (std::size_t i = 0; i < scenario.workloads.size(); ++i) {
    const Workload& workload = scenario.workloads[i];
    const std::string path = fmt::format("workloads[{}]", i);
    if (const PodTemplate* pod = pod_of(workload)) visit({path + ".pod", workload, *pod});
    std::visit(
        [&](const auto& body) {
          if constexpr (requires { body.rollouts; }) {
            for (std::size_t r = 0; r < body.rollouts.size(); ++r) {
              if (!body.rollouts[r].pod) continue;
              visit({fmt::format("{}.rollouts[{}].pod", path, r), workload, *body.rollouts[r].pod});
            }
          }
        },
        workload.body);
  }
}

}  // namespace casim::sim
