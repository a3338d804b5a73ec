#include "sim/explain/explain_pod.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "sim/explain/moments.h"
#include "sim/explain/wait_causes.h"
#include "sim/metrics/latency.h"

namespace casim::sim {
namespace {

// What a pod waits for in a stage; "waited 8 s until ...".
constexpr auto kAims = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"detect", "until a loop of the autoscaler knew of it"},
    {"retry", "until the loop that ordered its node"},
    {"failed", "for machines that failed"},
    {"displaced", "for nodes that other pods took"},
    {"blocked", "while nothing was ordered for it"},
    {"decide", "until the order was on record"},
    {"provision", "until EC2 accepted the machine"},
    {"launch", "until the machine ran"},
    {"boot", "until it had booted and registered"},
    {"join", "until the node was Ready"},
    {"room", "while other pods filled its node"},
    {"schedule", "until the scheduler bound it"},
    {"start", "until its containers ran"},
    {"queue", "in the scheduler's queue"},
    {"no_room", "until a node had room"},
});

std::string aim_of(std::string_view stage) {
  const auto* const found =
      std::ranges::find_if(kAims, [&](const auto& aim) { return aim.first == stage; });
  return found == kAims.end() ? fmt::format("in {}", stage) : std::string(found->second);
}

template <std::size_t N>
void add_parts(Explanation& out, const std::array<Duration, N>& lengths,
               const std::array<std::string_view, N>& names, const WaitCauses& causes) {
  for (std::size_t i = 0; i < N; ++i) {
    if (lengths[i] == Duration{}) continue;
    out.parts.push_back({std::string(names[i]), lengths[i], causes.of(names[i])});
  }
}

// What was ordered for it meanwhile.
std::string split_text(const OrderSplit& split) {
  std::string out;
  for (const auto& [length, meaning] :
       {std::pair{split.blocked, "no order for it open"},
        std::pair{split.failed, "one open whose machines failed"},
        std::pair{split.displaced, "one open whose nodes other pods took"}}) {
    if (length == Duration{}) continue;
    out += fmt::format("{}{} with {}", out.empty() ? "" : ", ", rounded_text(length), meaning);
  }
  return out;
}

void add_split(Explanation& out, std::string_view stage, const OrderSplit& split) {
  const auto part = std::ranges::find(out.parts, stage, &Explanation::Part::name);
  std::string text = split_text(split);
  if (part != out.parts.end() && !text.empty()) {
    part->causes.insert(part->causes.begin(), std::move(text));
  }
}

// "8.12 s until ..., 33.95 s until ...", of what is a hundredth of it or more.
std::string parts_text(const Explanation& out) {
  std::string text;
  for (const Explanation::Part& part : out.parts) {
    if (part.length < out.total / 100) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", rounded_text(part.length),
                        aim_of(part.name));
  }
  return text;
}

std::string ending_text(const PodRecord& pod, const Target& target, const std::string& unfit) {
  if (pod.has_ended) {
    return fmt::format("It was gone {} after it was created, and never ran.",
                       rounded_text(pod.ended - pod.created));
  }
  if (pod.waits_from == kTimeNever) {
    return fmt::format("Its scheduling gates held it back for {}, until the run ended.",
                       rounded_text(target.to - pod.created));
  }
  std::string text = fmt::format("It waited {} until the run ended, and never ran.",
                                 rounded_text(target.to - pod.waits_from));
  if (!unfit.empty()) text += " No node can hold it: " + unfit + ".";
  return text;
}

void explain_unbound(Explanation& out, const Target& target, const ReplayedRun& run,
                     const WaitCauses& causes) {
  const PodRecord& pod = run.pods.pods()[target.pod.value()];
  out.title = target.name + " never ran";
  out.sentences.push_back(ending_text(pod, target, run.text_of(target.pod).unfit));
  for (const char* stage : {"detect", "retry"}) {
    for (std::string& cause : causes.of(stage)) out.sentences.push_back("- " + std::move(cause));
  }
}

}  // namespace

Explanation explain_pod(const Target& target, const ReplayedRun& run, const KeptFacts& kept) {
  Explanation out;
  const PodRecord& pod = run.pods.pods()[target.pod.value()];
  const WaitCauses causes(target, run, kept.facts());
  out.moments = moments_of(target, run, kept.facts());
  auto stages = stages_of(pod, run.nodes);
  if (!stages) {
    explain_unbound(out, target, run, causes);
  } else {
    const std::string& node = run.nodes.nodes().at(pod.node.value()).name;
    out.total = stages->total;
    if (stages->scale_up) {
      if (kept.orders() != nullptr) split_waits(*stages, target.pod, pod, *kept.orders());
      add_parts(out, stages->stages, kStageNames, causes);
      add_split(out, "retry", stages->retry);
      add_split(out, "room", stages->room);
      out.title =
          fmt::format("{} waited {} for a new node, {}{}", target.name, rounded_text(stages->total),
                      node, target.group.empty() ? "" : " of group " + target.group);
    } else {
      add_parts(out, stages->plain, kPlainStageNames, causes);
      out.title = fmt::format("{} ran after {} on {}, which was there before it", target.name,
                              rounded_text(stages->total), node);
    }
    out.sentences.push_back(
        fmt::format("It waited {}: {}.", rounded_text(stages->total), parts_text(out)));
    if (pod.waits_from != pod.created) {
      out.sentences.push_back(
          fmt::format("Before that its scheduling gates held it back for {}, which is not counted.",
                      rounded_text(pod.waits_from - pod.created)));
    }
  }
  if (!target.reason.empty()) out.sentences.insert(out.sentences.begin(), target.reason + ".");
  return out;
}

}  // namespace casim::sim
