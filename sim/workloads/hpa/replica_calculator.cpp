#include "sim/workloads/hpa/replica_calculator.h"

#include <algorithm>
#include <cmath>

namespace casim::sim {

bool HpaSpec::has_object_or_external() const {
  return std::ranges::any_of(metrics, [](const HpaMetric& metric) { return !metric.is_of_pods(); });
}

namespace {

std::int32_t rounded_up(double replicas) {
  return static_cast<std::int32_t>(std::min(std::ceil(replicas), static_cast<double>(INT32_MAX)));
}

enum class Group : std::uint8_t { kReady, kUnready, kMissing, kIgnored };

// The CPU of a pod that starts says nothing of its load.
bool is_starting(const HpaPod& pod, const HpaQuestion& question) {
  if (!pod.ready_changed || !pod.start_time) return true;
  if (*pod.start_time + question.flags.cpu_initialization_period > question.now) {
    return !pod.is_ready || pod.sample->taken < *pod.ready_changed + pod.sample->window;
  }
  return !pod.is_ready &&
         *pod.start_time + question.flags.initial_readiness_delay > *pod.ready_changed;
}

Group group_of(const HpaPod& pod, const HpaQuestion& question) {
  if (pod.is_deleting || pod.phase == HpaPod::Phase::kEnded) return Group::kIgnored;
  if (pod.phase == HpaPod::Phase::kPending) return Group::kUnready;
  if (!pod.sample) return Group::kMissing;
  const bool is_cpu = question.metric.source == HpaMetric::Source::kCpu;
  return is_cpu && is_starting(pod, question) ? Group::kUnready : Group::kReady;
}

// Pods that count, and what they use together.
struct Sum {
  std::int64_t pods = 0;
  std::int64_t usage = 0;
  std::int64_t requests = 0;

  void add(std::int64_t used, std::int64_t request) {
    ++pods;
    usage += used;
    requests += request;
  }
};

struct Ratio {
  double ratio = 0;
  std::int64_t current = 0;
};

// Nothing: no pod, or none with a request.
std::optional<Ratio> ratio_of(const Sum& sum, const HpaMetric& metric) {
  if (sum.pods == 0) return std::nullopt;
  Ratio out;
  if (metric.kind == HpaMetric::Target::kUtilization) {
    if (sum.requests == 0) return std::nullopt;
    out.current = static_cast<std::int32_t>(sum.usage * 100 / sum.requests);
  } else {
    out.current = sum.usage / sum.pods;
  }
  out.ratio = static_cast<double>(out.current) / static_cast<double>(metric.target);
  return out;
}

// What a pod without a sample is taken to use where usage is below the target.
std::int64_t assumed_usage(const HpaPod& pod, const HpaMetric& metric) {
  if (metric.kind != HpaMetric::Target::kUtilization) return metric.target;
  return pod.request * std::max<std::int64_t>(100, metric.target) / 100;
}

std::int64_t count_ready(const std::vector<HpaPod>& pods) {
  return std::ranges::count_if(
      pods, [](const HpaPod& pod) { return pod.phase == HpaPod::Phase::kRunning && pod.is_ready; });
}

}  // namespace

bool HpaTolerance::holds(double ratio) const {
  if (!is_closed) return std::abs(1.0 - ratio) <= up;
  return 1.0 - down <= ratio && ratio <= 1.0 + up;
}

HpaTolerance tolerance_of(const HpaSpec& spec, const HpaFlags& flags, const HpaRelease& release) {
  HpaTolerance out{flags.tolerance, flags.tolerance, release.has_closed_tolerance()};
  if (!spec.behavior || !release.has_own_tolerance()) return out;
  out.up = spec.behavior->up.tolerance.value_or(out.up);
  out.down = spec.behavior->down.tolerance.value_or(out.down);
  return out;
}

std::optional<HpaProposal> replicas_for_pods(const HpaQuestion& question,
                                             const std::vector<HpaPod>& pods) {
  Sum sum;
  Sum missing;  // as if they used what is assumed below the target
  Sum unready;
  for (const HpaPod& pod : pods) {
    const Group group = group_of(pod, question);
    if (group == Group::kReady) sum.add(pod.sample->value, pod.request);
    if (group == Group::kMissing) missing.add(assumed_usage(pod, question.metric), pod.request);
    if (group == Group::kUnready) unready.add(0, pod.request);
  }
  const auto measured = ratio_of(sum, question.metric);
  if (!measured) return std::nullopt;
  const double ratio = measured->ratio;
  const std::int32_t now = question.scale.replicas;
  const HpaProposal kept{now, measured->current};
  const bool counts_unready = unready.pods > 0 && ratio > 1.0;
  if (!counts_unready && missing.pods == 0) {
    if (question.tolerance.holds(ratio)) return kept;
    return HpaProposal{rounded_up(ratio * static_cast<double>(sum.pods)), measured->current};
  }
  // In doubt nothing moves: who cannot tell is taken to use much below the target, nothing above.
  if (ratio < 1.0) {
    sum = {sum.pods + missing.pods, sum.usage + missing.usage, sum.requests + missing.requests};
  } else if (ratio > 1.0) {
    sum = {sum.pods + missing.pods, sum.usage, sum.requests + missing.requests};
  }
  if (counts_unready) {
    sum = {sum.pods + unready.pods, sum.usage, sum.requests + unready.requests};
  }
  const double all = ratio_of(sum, question.metric)->ratio;
  if (question.tolerance.holds(all) || (ratio < 1.0 && all > 1.0) || (ratio > 1.0 && all < 1.0)) {
    return kept;
  }
  const std::int32_t wanted = rounded_up(all * static_cast<double>(sum.pods));
  if ((all < 1.0 && wanted > now) || (all > 1.0 && wanted < now)) return kept;
  return HpaProposal{wanted, measured->current};
}

std::optional<HpaProposal> replicas_for_value(const HpaQuestion& question, std::int64_t usage,
                                              const std::vector<HpaPod>& pods) {
  const auto used = static_cast<double>(usage);
  const auto target = static_cast<double>(question.metric.target);
  if (question.metric.kind == HpaMetric::Target::kAverageValue) {
    const std::int32_t existing = question.scale.existing;
    HpaProposal out{existing, 0};
    if (!question.tolerance.holds(used / (target * static_cast<double>(existing)))) {
      out.replicas = rounded_up(used / target);
    }
    if (existing > 0) {
      out.current = static_cast<std::int64_t>(std::ceil(used / static_cast<double>(existing)));
    }
    return out;
  }
  const double ratio = used / target;
  if (question.scale.replicas == 0) return HpaProposal{rounded_up(ratio), usage};
  if (question.tolerance.holds(ratio)) return HpaProposal{question.scale.replicas, usage};
  if (pods.empty()) return std::nullopt;
  return HpaProposal{rounded_up(ratio * static_cast<double>(count_ready(pods))), usage};
}

}  // namespace casim::sim
