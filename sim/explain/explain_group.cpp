#include "sim/explain/explain_group.h"

#include <map>

#include <fmt/format.h>

#include "sim/explain/moments.h"

namespace casim::sim {
namespace {

// What the group's facts add up to.
struct OrderTotals {
  std::int64_t orders = 0;
  std::int64_t ordered = 0;  // nodes
  std::int64_t ready = 0;
  std::int64_t removed = 0;  // by scale-down
  std::map<std::string, std::int64_t> failures;
  std::map<std::string, std::int64_t> passed_over;  // how often it began to be, by reason

  explicit OrderTotals(const std::vector<KeptFact>& kept) {
    for (const KeptFact& one : kept) {
      if (const auto* f = std::get_if<ScaleUpDecided>(&one.fact)) {
        ++orders;
        ordered += f->delta;
      } else if (std::holds_alternative<NodeReady>(one.fact)) {
        ++ready;
      } else if (const auto* slot = std::get_if<SlotFailed>(&one.fact)) {
        ++failures[slot->code];
      } else if (std::holds_alternative<ScaleDownDecided>(one.fact)) {
        ++removed;
      } else if (const auto* skipped = std::get_if<GroupSkipped>(&one.fact)) {
        if (!skipped->reason.empty()) ++passed_over[skipped->reason];
      }
    }
  }
};

}  // namespace

Explanation explain_group(const Target& target, const ReplayedRun& run, const KeptFacts& kept) {
  const OrderTotals totals(kept.facts());
  Explanation out;
  out.title = fmt::format("{}: {} of {} in all", target.name, counted(totals.orders, "order"),
                          counted(totals.ordered, "node"));
  out.sentences.push_back(fmt::format("Nodes of it became Ready {}, and the autoscaler removed {}.",
                                      counted(totals.ready, "time"), totals.removed));
  for (const auto& [code, count] : totals.failures) {
    out.sentences.push_back(fmt::format("{} failed: {}.", counted(count, "ordered machine"), code));
  }
  for (const auto& [reason, count] : totals.passed_over) {
    out.sentences.push_back(
        fmt::format("Loops began {} to pass it over: {}.", counted(count, "time"), reason));
  }
  out.moments = moments_of(target, run, kept.facts());
  return out;
}

}  // namespace casim::sim
