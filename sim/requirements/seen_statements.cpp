#include "sim/requirements/seen_statements.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "sim/requirements/path_rules.h"

namespace casim::sim {
namespace {

// "1 call", "2 calls".
std::string counted(std::int64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string were(std::int64_t count) { return count == 1 ? "was" : "were"; }

std::int64_t calls_with(const ActionUse& use, const std::string& parameter) {
  const auto found = use.parameters.find(parameter);
  return found == use.parameters.end() ? 0 : found->second.calls;
}

// Its caller does not know what came of it.
bool is_lost(const LaunchCall& call) { return call.is_left || is_without_reply(call.error); }

// Why the path launched again, as far as the call before tells.
std::string cause_of(const LaunchCall& before) {
  if (before.is_left) return "after a call that was given up";
  if (!before.waited) return "while the call before was not answered yet";
  if (!before.error.empty()) return fmt::format("after a call that ended in {}", before.error);
  return "although the call before was answered with a machine";
}

std::vector<std::string> causes_of_doubles(const Ec2Use& use) {
  struct Cause {
    std::int64_t count = 0;
    std::int64_t without_token = 0;
    Duration shortest = Duration::max();  // answer time of the call before
    Duration missed{};                    // by lists, at most
  };

  const Launches& launches = use.launches();
  std::map<std::string, Cause> causes;
  for (const DoubledMachine& doubled : launches.doubled()) {
    const LaunchCall& before = launches.calls().at(doubled.call_before);
    Cause& cause = causes[cause_of(before)];
    ++cause.count;
    if (!launches.calls().at(doubled.call).has_token) ++cause.without_token;
    if (before.waited) cause.shortest = std::min(cause.shortest, *before.waited);
    cause.missed = std::max(cause.missed, use.visibility().missed(doubled.before));
  }
  std::vector<std::string> out;
  for (const auto& [text, cause] : causes) {
    std::string sentence = fmt::format("{} {} launched for slots whose machine lived, {}",
                                       counted(cause.count, "machine"), were(cause.count), text);
    if (cause.shortest != Duration::max()) {
      sentence += fmt::format(" (the soonest after {})", span_text(cause.shortest));
    }
    sentence += fmt::format("; {} without a ClientToken.", cause.without_token);
    out.push_back(std::move(sentence));
  }
  return out;
}

}  // namespace

std::string span_text(Duration span) {
  const double seconds = to_seconds(span);
  return seconds >= 100 ? fmt::format("{:.0f} s", seconds) : fmt::format("{:.3g} s", seconds);
}

std::vector<std::string> seen_of_actions(const Ec2Use& use) {
  const ActionUse& run = use.of(ec2::Action::kRunInstances);
  return {fmt::format("{} launched {}, at most {} in one answer.",
                      counted(run.calls, "call") + " of RunInstances",
                      counted(use.launches().machines(), "machine"), run.most_instances)};
}

std::vector<std::string> seen_of_idempotency(const Ec2Use& use, const RunInfo& run) {
  const Launches& launches = use.launches();
  const std::int64_t calls = use.of(ec2::Action::kRunInstances).calls;
  const std::int64_t with = calls_with(use.of(ec2::Action::kRunInstances), "ClientToken");
  std::vector<std::string> out;
  if (with == 0) {
    out.push_back(
        fmt::format("None of {} of RunInstances carried a ClientToken.", counted(calls, "call")));
  } else {
    out.push_back(fmt::format(
        "{} of {} of RunInstances carried a ClientToken, of at most {}; {}.", with,
        counted(calls, "call"),
        counted(static_cast<std::int64_t>(launches.longest_token()), "character"),
        launches.repeated() == 0 ? "none was sent a second time"
                                 : fmt::format("{} carried one that had been sent before, and {} "
                                               "answered with the machines of then",
                                               launches.repeated(), launches.replayed())));
  }
  const std::vector<std::string> causes = causes_of_doubles(use);
  out.insert(out.end(), causes.begin(), causes.end());
  if (causes.empty()) out.emplace_back("No slot had two machines at a time.");
  if (launches.again() > 0) {
    out.push_back(fmt::format("{} {} launched for slots whose machine had ended.",
                              counted(launches.again(), "machine"), were(launches.again())));
  }
  if (run.doubled && run.leaked) {
    out.push_back(
        fmt::format("When the provider was last quiet, it had {} doubled and {} leaked machines.",
                    *run.doubled, *run.leaked));
  } else {
    out.emplace_back("The provider was never quiet for long enough to count what it lost.");
  }
  return out;
}

std::vector<std::string> seen_of_listing(const Ec2Use& use) {
  const ActionUse& list = use.of(ec2::Action::kDescribeInstances);
  const std::int64_t by_filter = calls_with(list, "Filter.N.Name");
  const std::int64_t by_id = calls_with(list, "InstanceId.N");
  return {
      fmt::format("Of {} of DescribeInstances {} asked by tag, {} by id, {} for everything; {} "
                  "for a further page. The longest reply had {}.",
                  counted(list.calls, "call"), by_filter, by_id, list.calls - by_filter - by_id,
                  calls_with(list, "NextToken"),
                  counted(static_cast<std::int64_t>(list.most_instances), "instance"))};
}

std::vector<std::string> seen_of_consistency(const Ec2Use& use, const Ec2Config& ec2) {
  std::vector<std::string> out;
  std::optional<Duration> least_harmful;
  std::map<std::string, Duration> harmless = use.visibility().all_missed();
  for (const DoubledMachine& doubled : use.launches().doubled()) {
    const auto missed = harmless.find(doubled.before);
    if (missed == harmless.end()) continue;
    least_harmful = std::min(missed->second, least_harmful.value_or(missed->second));
    harmless.erase(missed);
  }
  if (!harmless.empty()) {
    const auto longest =
        std::ranges::max_element(harmless, {}, [](const auto& entry) { return entry.second; });
    out.push_back(fmt::format(
        "{} {} missed by a list or a look after their launch, and none of these was launched a "
        "second time. The longest such lag: {} after the launch of {}.",
        counted(static_cast<std::int64_t>(harmless.size()), "machine"),
        were(static_cast<std::int64_t>(harmless.size())), span_text(longest->second),
        longest->first));
  }
  if (least_harmful) {
    out.push_back(fmt::format(
        "Of the machines that were launched a second time some had been missed too, the shortest "
        "for {}.",
        span_text(*least_harmful)));
  }
  if (harmless.empty() && !least_harmful) {
    out.push_back(fmt::format("No list or look missed a machine that had been launched{}.",
                              ec2.consistency ? ""
                                              : ": the scenario has no ec2.consistency, so EC2 "
                                                "shows everything at once"));
  }
  if (const Duration stalest = use.visibility().stalest(); stalest > Duration{}) {
    out.push_back(
        fmt::format("A machine that ran was still shown as pending {} later.", span_text(stalest)));
  }
  if (use.lost_sight() > 0) {
    out.push_back(fmt::format("{} {} freed although the machine lived.",
                              counted(use.lost_sight(), "slot"), were(use.lost_sight())));
  }
  return out;
}

std::vector<std::string> seen_of_answer_time(const Ec2Use& use) {
  const ActionUse& run = use.of(ec2::Action::kRunInstances);
  std::vector<std::string> out;
  std::int64_t lost = 0;
  std::int64_t with_effect = 0;
  for (const auto& [number, call] : use.launches().calls()) {
    if (!is_lost(call)) continue;
    ++lost;
    if (call.machines > 0) ++with_effect;
  }
  const bool is_harmless = lost == 0 && use.launches().doubled().empty();
  if (run.succeeded > 0) {
    out.push_back(fmt::format("The longest answer to a launch that was waited for came after {}{}.",
                              span_text(run.longest_answer),
                              is_harmless ? ": up to there no call was given up, and nothing was "
                                            "launched twice"
                                          : ""));
  }
  if (run.soonest_given_up) {
    out.push_back(fmt::format("{} of RunInstances {} given up, the soonest after {}.",
                              counted(run.given_up, "call"), were(run.given_up),
                              span_text(*run.soonest_given_up)));
  }
  if (run.crashed > 0) {
    out.push_back(fmt::format("{} of RunInstances ended with the provider that waited for it.",
                              counted(run.crashed, "call")));
  }
  if (lost > 0) {
    out.push_back(
        fmt::format("Of {} of RunInstances whose answer nobody heard, {} had launched "
                    "machines.",
                    counted(lost, "call"), with_effect));
  }
  if (use.creations_stuck() > 0) {
    out.push_back(fmt::format("{} {} stuck: EC2 had answered, and the answer was not stored.",
                              counted(use.creations_stuck(), "creation"),
                              were(use.creations_stuck())));
  }
  return out;
}

}  // namespace casim::sim
