#include "sim/explain/explain_node.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "sim/explain/moments.h"

namespace casim::sim {
namespace {

// The way of its machine, as far as it came.
void add_way(Explanation& out, const NodeRecord& node, const Provenance& from) {
  if (from.loop_start == kBeforeAllTime) return;
  TimePoint last = from.loop_start;
  for (const auto& [name, end] : {std::pair<const char*, TimePoint>{"decide", from.committed},
                                  {"provision", from.accepted},
                                  {"launch", from.running},
                                  {"boot", node.registered},
                                  {"join", node.ready}}) {
    if (end == kBeforeAllTime || end == kTimeNever || end < last) continue;
    out.parts.push_back({name, end - last, {}});
    last = end;
  }
  out.total = last - from.loop_start;
}

std::string life_text(const NodeRecord& node, TimePoint end) {
  const bool is_gone = node.gone != kTimeNever;
  const TimePoint last = is_gone ? node.gone : end;
  return fmt::format("It registered at {:.2f} s and {} {} later.", to_seconds(node.registered),
                     is_gone ? "was gone" : "is there at the end,",
                     rounded_text(last - node.registered));
}

std::string pods_text(const std::vector<KeptFact>& kept) {
  std::int64_t bound = 0;
  std::map<PodEnd, std::int64_t> ended;
  for (const KeptFact& one : kept) {
    if (std::holds_alternative<PodBound>(one.fact)) ++bound;
    if (const auto* end = std::get_if<PodEnded>(&one.fact)) ++ended[end->how];
  }
  if (bound == 0) return "No pod was bound to it.";
  return fmt::format("{} bound to it; {} completed, {} evicted, {} lost with it.",
                     bound == 1 ? "1 pod was" : fmt::format("{} pods were", bound),
                     ended[PodEnd::kCompleted], ended[PodEnd::kEvicted], ended[PodEnd::kLost]);
}

}  // namespace

Explanation explain_node(const Target& target, const ReplayedRun& run, const KeptFacts& kept) {
  const NodeRecord& node = run.nodes.nodes().at(target.node.value());
  Explanation out;
  add_way(out, node, target.made_by);
  if (target.made_by.loop_start == kBeforeAllTime) {
    out.title = fmt::format("{} was not ordered by the autoscaler", target.name);
  } else if (node.was_ready()) {
    out.title = fmt::format("{} of group {} became Ready {} after the loop that ordered it",
                            target.name, target.group, rounded_text(out.total));
  } else {
    out.title = fmt::format("{} of group {} never became Ready", target.name, target.group);
  }
  out.sentences = {life_text(node, run.end), pods_text(kept.facts())};
  out.moments = moments_of(target, run, kept.facts());
  return out;
}

}  // namespace casim::sim
