#include "sim/explain/explain_loop.h"

#include <fmt/format.h>

#include "sim/explain/moments.h"

namespace casim::sim {
namespace {

// What the loop's facts add up to.
struct LoopAccount {
  LoopId loop;
  TimePoint start{};
  TimePoint end = kTimeNever;
  std::int64_t pods = 0;     // that it saw for the first time
  std::int64_t ordered = 0;  // nodes
  std::int64_t failed = 0;   // of them
  std::int64_t ready = 0;
  std::int64_t removed = 0;

  explicit LoopAccount(const std::vector<KeptFact>& kept) {
    for (const KeptFact& one : kept) std::visit([&](const auto& f) { on(one.at, f); }, one.fact);
  }

 private:
  void on(TimePoint at, const LoopStarted& f) {
    loop = f.loop;
    start = at;
  }

  void on(TimePoint at, const LoopEnded&) { end = at; }

  void on(TimePoint, const PodsSeen& f) { pods += std::ssize(f.pods); }

  void on(TimePoint, const ScaleUpDecided& f) { ordered += f.delta; }

  void on(TimePoint, const SlotFailed&) { ++failed; }

  void on(TimePoint, const NodeReady&) { ++ready; }

  void on(TimePoint, const ScaleDownDecided&) { ++removed; }

  template <class Other>
  void on(TimePoint, const Other&) {}
};

}  // namespace

Explanation explain_loop(const Target& target, const ReplayedRun& run, const KeptFacts& kept) {
  const LoopAccount totals(kept.facts());
  Explanation out;
  out.moments = moments_of(target, run, kept.facts());
  if (!totals.loop.is_valid()) {
    out.title =
        fmt::format("No loop of the autoscaler had begun at {:.3f} s", to_seconds(target.from));
    return out;
  }
  out.title =
      fmt::format("Loop {} began at {:.3f} s and {}", totals.loop.value(), to_seconds(totals.start),
                  totals.end == kTimeNever ? "did not come to its end"
                                           : "took " + rounded_text(totals.end - totals.start));
  out.sentences.push_back(
      fmt::format("It saw {} for the first time, ordered {} and began to remove {}.",
                  counted(totals.pods, "unschedulable pod"), counted(totals.ordered, "node"),
                  counted(totals.removed, "node")));
  if (totals.ordered > 0) {
    out.sentences.push_back(
        fmt::format("Of the nodes that it ordered {} became Ready and {} failed.", totals.ready,
                    totals.failed));
  }
  return out;
}

}  // namespace casim::sim
