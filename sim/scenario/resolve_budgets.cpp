#include "sim/scenario/resolve_budgets.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "sim/scenario/pod_templates.h"
#include "sim/scenario/resolve_pod.h"

namespace casim::sim {
namespace {

PodDisruptionBudget resolve_budget(const DisruptionBudgetConfig& given) {
  PodDisruptionBudget out;
  out.name = given.name;
  out.namespace_name = given.namespace_name;
  out.selector = selector_of(given.selector);
  out.min_available = given.min_available;
  out.max_unavailable = given.max_unavailable;
  out.unhealthy_pod_eviction = given.unhealthy_pod_eviction;
  out.observed_generation = 0;
  return out;
}

// True as well where a trace's rows may be selected, which are not read yet.
bool may_select(const PodDisruptionBudget& budget, const Scenario& scenario) {
  bool found = std::ranges::any_of(
      scenario.workloads, [](const Workload& workload) { return pod_of(workload) == nullptr; });
  for_each_template(scenario, [&](const FoundTemplate& one) {
    const Labels labels = one.pod.labels.value_or(Labels{{"app", one.workload.name}});
    found |= one.pod.namespace_name == budget.namespace_name && matches(budget.selector, labels);
  });
  return found;
}

}  // namespace

std::vector<PodDisruptionBudget> resolve_budgets(const Scenario& scenario) {
  std::vector<PodDisruptionBudget> out;
  for (const DisruptionBudgetConfig& given : scenario.disruption_budgets) {
    out.push_back(resolve_budget(given));
  }
  return out;
}

void check_budgets(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems) {
  std::set<std::pair<std::string, std::string>> names;
  for (std::size_t i = 0; i < scenario.disruption_budgets.size(); ++i) {
    const DisruptionBudgetConfig& given = scenario.disruption_budgets[i];
    const std::string path = fmt::format("disruption_budgets[{}]", i);
    if (!names.emplace(given.namespace_name, given.name).second) {
      document.error(problems, path + ".name", "another budget of the namespace has this name");
    }
    if (!given.min_available && !given.max_unavailable) {
      document.warning(problems, path,
                       "has neither minAvailable nor maxUnavailable: no eviction is allowed");
    }
    if (!may_select(resolve_budget(given), scenario)) {
      document.warning(problems, path + ".selector", "selects no pod of any workload");
    }
  }
}

}  // namespace casim::sim
