// Decisions of single units of the autoscaler, family by family: inputs as JSON, and the decision
// that the real one takes. Each adapter builds the unit's inputs, runs the unit that the simulator
// runs, and tells its outcome in the words of the case. Source: cases/README.md, "Decisions".
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "oracle/judge/oracle.h"
#include "oracle/judge/strict_json.h"

namespace casim::oracle {

// What a unit decided, in the words of `expect`.
struct Decision {
  // By key of `expect`: everything that this unit can be asked for. An expected key that is not
  // here is an error of the case.
  Json got = Json::object();
  std::set<std::string> unordered;          // lists whose order says nothing
  std::set<std::string> partial;            // objects of which only the expected keys count
  std::map<std::string, double> tolerance;  // of a number, relative
  std::map<std::string, Json> also;         // another word, or another shape, for the same
};

// Empty: the decision is as expected. Else the first key that differs. `determinism`: exact, set
// (no list has an order) or counts (the adapter has counted).
std::string difference(const Json& expect, const Decision& decision, std::string_view determinism);

// --- estimator and limiter
Decision decide_estimate(const Json& given);
Decision decide_limiter(const Json& given);
Decision decide_ordering(const Json& given);
// --- pod list
Decision decide_filter_schedulable(const Json& given);
Decision decide_hinting(const Json& given);
Decision decide_young_pods(const Json& given);
Decision decide_equivalence(const Json& given);
// --- single nodes
Decision decide_utilization(const Json& given);
Decision decide_eligibility(const Json& given);
Decision decide_drainability(const Json& given);
Decision decide_simulate_removal(const Json& given);
// --- scale-down
Decision decide_planner(const Json& given);
Decision decide_unneeded_limit(const Json& given);
Decision decide_removable(const Json& given);
Decision decide_nodes_to_delete(const Json& given);
Decision decide_crop_budgets(const Json& given);
// --- registry
Decision decide_cluster_state(const Json& given);
// `expect` says at which times it is asked.
Decision decide_backoff(const Json& given, const Json& expect);

// --- whole loops and their halves
Decision decide_scale_up(const Json& given);
Decision decide_run_once(const Json& given);
// --- choice between groups
Decision decide_balance(const Json& given);
Decision decide_similarity(const Json& given);
Decision decide_expander(const Json& given);

std::unique_ptr<CaseKind> make_decision_kind();

}  // namespace casim::oracle
