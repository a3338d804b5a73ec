#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "oracle/decisions/decision.h"

namespace casim::oracle {
namespace {

constexpr int kModelledVersion = 37;

using Adapter = Decision (*)(const Json& given, const Json& expect);

template <Decision (*decide)(const Json&)>
Decision plain(const Json& given, const Json&) {
  return decide(given);
}

constexpr std::pair<std::string_view, Adapter> kFamilies[] = {
    {"backoff", decide_backoff},
    {"balance", plain<decide_balance>},
    {"cluster_state", plain<decide_cluster_state>},
    {"crop_budgets", plain<decide_crop_budgets>},
    {"drainability", plain<decide_drainability>},
    {"eligibility", plain<decide_eligibility>},
    {"equivalence", plain<decide_equivalence>},
    {"estimate", plain<decide_estimate>},
    {"expander", plain<decide_expander>},
    {"filter_schedulable", plain<decide_filter_schedulable>},
    {"hinting", plain<decide_hinting>},
    {"limiter", plain<decide_limiter>},
    {"nodes_to_delete", plain<decide_nodes_to_delete>},
    {"ordering", plain<decide_ordering>},
    {"planner", plain<decide_planner>},
    {"removable", plain<decide_removable>},
    {"run_once", plain<decide_run_once>},
    {"scale_up", plain<decide_scale_up>},
    {"similarity", plain<decide_similarity>},
    {"simulate_removal", plain<decide_simulate_removal>},
    {"unneeded_limit", plain<decide_unneeded_limit>},
    {"utilization", plain<decide_utilization>},
    {"young_pods", plain<decide_young_pods>},
};

// Whether the case holds for the version that is modelled: ">=1.36", "<=1.36", "1.36", or all.
bool is_modelled(const std::string& version) {
  if (version.empty()) return true;
  const std::size_t digits = version.find_first_not_of("<=>");
  const std::string relation = version.substr(0, std::min(digits, version.size()));
  if (digits == std::string::npos || !version.substr(digits).starts_with("1.")) {
    throw std::runtime_error("unknown version " + version);
  }
  const int minor = std::stoi(version.substr(digits + 2));
  if (relation == ">=") return kModelledVersion >= minor;
  if (relation == "<=") return kModelledVersion <= minor;
  if (relation.empty() || relation == "=") return kModelledVersion == minor;
  throw std::runtime_error("unknown version " + version);
}

class DecisionKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("given") || !one.contains("expect")) return false;
    return one.contains("determinism") && adapter_of(one) != nullptr;
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id");
    result.family = one.at("family");
    result.skipped = !is_modelled(one.value("version", ""));
    if (result.skipped) return result;
    const Decision decision = adapter_of(one)(one.at("given"), one.at("expect"));
    result.difference =
        difference(one.at("expect"), decision, one.at("determinism").get<std::string>());
    result.passed = result.difference.empty();
    return result;
  }

 private:
  static Adapter adapter_of(const Json& one) {
    const std::string family = one.value("family", "");
    const auto found = std::find_if(std::begin(kFamilies), std::end(kFamilies),
                                    [&](const auto& known) { return known.first == family; });
    return found == std::end(kFamilies) ? nullptr : found->second;
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_decision_kind() { return std::make_unique<DecisionKind>(); }

}  // namespace casim::oracle
