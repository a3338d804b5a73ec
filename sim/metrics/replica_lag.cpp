#include "sim/metrics/replica_lag.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

constexpr std::size_t kNeeded = 0;
constexpr std::size_t kAsked = 1;
constexpr std::size_t kCreated = 2;
constexpr std::size_t kBound = 3;
constexpr std::size_t kRunning = 4;

}  // namespace

void ReplicaLag::Sized::count(TimePoint until) {
  const double seconds = to_seconds(until - since);
  since = until;
  std::int32_t before = now[kNeeded];
  for (std::size_t link = 0; link < missing.size(); ++link) {
    const std::int32_t after = std::min(before, now[link + 1]);
    missing[link] += seconds * (before - after);
    before = after;
  }
}

void ReplicaLag::Sized::set(std::size_t step, TimePoint at, std::int32_t replicas) {
  count(at);
  now[step] = replicas;
  most[step] = std::max(most[step], replicas);
  if (!peaks[step].empty() && peaks[step].back().replicas >= replicas) return;
  peaks[step].push_back({replicas, at});
  if (step != kNeeded) return;
  for (std::size_t other = kAsked; other < now.size(); ++other) {
    peaks[other].push_back({now[other], at});
  }
}

void ReplicaLag::Sized::add(std::size_t step, TimePoint at, std::int32_t more) {
  set(step, at, now[step] + more);
}

void ReplicaLag::on_fact(TimePoint at, const Fact& fact, const PodLedger& pods) {
  if (const auto* created = std::get_if<HpaCreated>(&fact)) return create(at, *created, pods);
  if (sized_.empty()) return;
  const auto pod_step = [&](PodId pod, std::size_t step) {
    Sized* sized = sized_by_workload(pods.pods()[pod.value()].workload);
    if (sized != nullptr) sized->add(step, at, 1);
  };
  if (const auto* needed = std::get_if<ReplicasNeeded>(&fact)) {
    Sized& sized = sized_.at(needed->hpa);
    sized.has_need = true;
    sized.set(kNeeded, at, needed->replicas);
  } else if (const auto* rescaled = std::get_if<HpaRescaled>(&fact)) {
    Sized& sized = sized_.at(rescaled->hpa);
    ++sized.rescales;
    sized.set(kAsked, at, rescaled->to);
  } else if (const auto* pod = std::get_if<PodCreated>(&fact)) {
    pod_step(pod->pod, kCreated);
  } else if (const auto* bound = std::get_if<PodBound>(&fact)) {
    pod_step(bound->pod, kBound);
  } else if (const auto* running = std::get_if<PodRunning>(&fact)) {
    pod_step(running->pod, kRunning);
  } else if (const auto* ended = std::get_if<PodEnded>(&fact)) {
    end_pod(at, pods.pods()[ended->pod.value()]);
  }
}

void ReplicaLag::create(TimePoint at, const HpaCreated& fact, const PodLedger& pods) {
  Sized& sized = sized_[fact.hpa];
  sized.workload = fact.workload;
  sized.since = at;
  Steps steps{};
  steps[kAsked] = fact.replicas;
  for (const PodRecord& pod : pods.pods()) {
    if (pod.workload != fact.workload || pod.has_ended) continue;
    ++steps[kCreated];
    if (pod.is_bound()) ++steps[kBound];
    if (pod.has_run()) ++steps[kRunning];
  }
  for (std::size_t step = kAsked; step < steps.size(); ++step) sized.set(step, at, steps[step]);
  const std::size_t number = fact.workload.value();
  if (by_workload_.size() <= number) by_workload_.resize(number + 1);
  by_workload_[number] = &sized;
}

void ReplicaLag::end_pod(TimePoint at, const PodRecord& pod) {
  Sized* sized = sized_by_workload(pod.workload);
  if (sized == nullptr) return;
  sized->add(kCreated, at, -1);
  if (pod.is_bound()) sized->add(kBound, at, -1);
  if (pod.has_run()) sized->add(kRunning, at, -1);
}

ReplicaLag::Sized* ReplicaLag::sized_by_workload(WorkloadId workload) {
  const std::size_t number = workload.value();
  return number < by_workload_.size() ? by_workload_[number] : nullptr;
}

ReplicaLagTotals ReplicaLag::Sized::totals(TimePoint end) const {
  Sized counted = *this;
  counted.count(end);
  ReplicaLagTotals out{.rescales = rescales,
                       .peak = {},
                       .reached = {},
                       .missing = counted.missing,
                       .has_need = has_need};
  out.peak = most;
  const double nine_tenths = 0.9 * most[kNeeded];
  TimePoint from = kTimeZero;  // when they were needed
  for (std::size_t step = 0; has_need && step < peaks.size(); ++step) {
    const auto first = std::ranges::find_if(peaks[step], [&](const Peak& peak) {
      return peak.at >= from && peak.replicas >= nine_tenths;
    });
    if (first == peaks[step].end()) continue;
    out.reached[step] = first->at;
    if (step == kNeeded) from = first->at;
  }
  return out;
}

std::map<std::string, ReplicaLagTotals> ReplicaLag::totals(TimePoint end) const {
  std::map<std::string, ReplicaLagTotals> out;
  for (const auto& [hpa, sized] : sized_) out.emplace(hpa, sized.totals(end));
  return out;
}

void list_values(SummaryValues& out, const std::map<std::string, ReplicaLagTotals>& totals) {
  const auto by_hpa = [&totals](const auto& value_of) {
    config::Value::Object values;
    for (const auto& [hpa, lag] : totals) values.push_back({hpa, value_of(lag)});
    return config::Value(std::move(values));
  };
  out.add("hpas.{name}.rescales", ValueType::count("rescales"),
          by_hpa([](const ReplicaLagTotals& lag) { return config::Value(lag.rescales); }),
          "times that the HPA wrote the scale of its target");
  for (std::size_t step = 0; step < kReplicaSteps.size(); ++step) {
    out.add(fmt::format("hpas.{{name}}.peak.{}", kReplicaSteps[step]), ValueType::count("replicas"),
            by_hpa([&](const ReplicaLagTotals& lag) {
              return config::Value(std::int64_t{lag.peak[step]});
            }),
            fmt::format("most replicas that were {} at once", kReplicaSteps[step]));
  }
  for (std::size_t step = 0; step < kReplicaSteps.size(); ++step) {
    out.add(fmt::format("hpas.{{name}}.reached.{}", kReplicaSteps[step]),
            ValueType::seconds().or_null(), by_hpa([&](const ReplicaLagTotals& lag) {
              const auto& at = lag.reached[step];
              return at ? config::Value(to_seconds(*at - kTimeZero)) : config::Value();
            }),
            fmt::format("when nine tenths of the most that was needed were first {}",
                        kReplicaSteps[step]),
            step == kNeeded ? Better::kNeither : Better::kLower);
  }
  for (std::size_t link = 0; link < kReplicaLinks.size(); ++link) {
    out.add(fmt::format("hpas.{{name}}.missing.{}", kReplicaLinks[link]),
            ValueType{ValueType::Kind::kNumber, "replica-s", true},
            by_hpa([&](const ReplicaLagTotals& lag) {
              return lag.has_need ? config::Value(lag.missing[link]) : config::Value();
            }),
            fmt::format("replicas missing for the load times seconds: {}, and not {} yet",
                        kReplicaSteps[link], kReplicaSteps[link + 1]),
            Better::kLower);
  }
}

}  // namespace casim::sim
