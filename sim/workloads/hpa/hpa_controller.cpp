#include "sim/workloads/hpa/hpa_controller.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <utility>

namespace casim::sim {

HpaController::HpaController(ApiServer& api, HpaPods& pods, HpaConfig config)
    : api_(api),
      pods_(pods),
      config_(std::move(config)),
      clients_(make_clients(api, config_.client)),
      events_(api.kernel(), clients_.hpas),
      queue_(api.kernel(), config_.flags.concurrent_syncs,
             [this](Number number) { begin(number); }) {}

HpaController::Clients HpaController::make_clients(ApiServer& api, const ApiClientConfig& config) {
  return {api.add_client(config), api.add_client(config), api.add_client(config),
          api.add_client(config), api.add_client(config)};
}

HpaController::Number HpaController::create(Hpa hpa) {
  assert(hpa.target != nullptr);
  assert(hpa.metrics != nullptr);
  const Number number = static_cast<Number>(hpas_.size());
  hpas_.emplace_back(std::move(hpa), config_.flags);
  if (config_.release.syncs_changes_at_once()) {
    queue_.add(number);
  } else {
    queue_.add_after(number, config_.flags.sync_period);
  }
  return number;
}

void HpaController::change(Number number, HpaSpec spec) {
  hpas_[number].hpa.spec = std::move(spec);
  if (config_.release.syncs_changes_at_once()) {
    queue_.add(number);
  } else {
    queue_.add_after(number, config_.flags.sync_period);
  }
}

void HpaController::ask(ApiClient& client, Number number, ApiClient::Done<void> done) {
  Known& known = hpas_[number];
  client.write(known.hpa.uid, known.requests++, [] { return Result<void>(); }, std::move(done));
}

void HpaController::begin(Number number) {
  ask(clients_.scales, number, [this, number](const Result<void>& got) {
    if (!got) return end(number);
    on_scale(number);
  });
}

void HpaController::on_scale(Number number) {
  Known& known = hpas_[number];
  known.sync = {.spec = known.hpa.spec,
                .scale = known.hpa.target->scale(),
                .proposals = {},
                .next = known.status,
                .desired = 0};
  known.sync.next.able = HpaStatus::Able::kGotScale;
  const HpaSpec& spec = known.sync.spec;
  const std::int32_t current = known.sync.scale.replicas;
  known.rules.note_first(current, now());
  switch (course_of(spec, current, known.status.is_scaled_to_zero, config_.release)) {
    case HpaCourse::kAskMetrics:
      return ask_next_metric(number);
    case HpaCourse::kToMax:
      return rescale(number, spec.max);
    case HpaCourse::kToMin:
      return rescale(number, spec.min);
    case HpaCourse::kDisabled:
      known.sync.next.active = HpaStatus::Active::kDisabled;
      return keep(number);
  }
}

void HpaController::ask_next_metric(Number number) {
  Known& known = hpas_[number];
  const std::size_t metric = known.sync.proposals.size();
  if (metric >= known.sync.spec.metrics.size()) return decide(number);
  ask(client_of(known.sync.spec.metrics[metric]), number,
      [this, number](const Result<void>& answered) {
        Known& asked = hpas_[number];
        const std::size_t place = asked.sync.proposals.size();
        asked.sync.proposals.push_back(answered ? proposal(asked, place) : std::nullopt);
        if (!asked.sync.proposals.back()) events_.record(asked.hpa.uid);  // FailedGet...Metric
        ask_next_metric(number);
      });
}

std::optional<HpaProposal> HpaController::proposal(const Known& known, std::size_t place) const {
  const HpaSpec& spec = known.sync.spec;
  const HpaMetric& metric = spec.metrics[place];
  const HpaQuestion question{metric, known.sync.scale,
                             tolerance_of(spec, config_.flags, config_.release), config_.flags,
                             api_.kernel().wall(now())};
  std::vector<HpaPod> pods = pods_.seen(known.hpa.workload, metric.source);
  if (!metric.is_of_pods()) {
    const auto value = known.hpa.metrics->value(place);
    return value ? replicas_for_value(question, *value, pods) : std::nullopt;
  }
  auto samples = known.hpa.metrics->of_pods(place, pods_.of(known.hpa.workload));
  if (!samples) return std::nullopt;
  for (std::size_t i = 0; i < pods.size(); ++i) pods[i].sample = (*samples)[i];
  return replicas_for_pods(question, pods);
}

void HpaController::decide(Number number) {
  Known& known = hpas_[number];
  Sync& sync = known.sync;
  const std::int32_t current = sync.scale.replicas;
  const auto advice = advice_of(sync.proposals, current);
  sync.next.metrics = sync.proposals;
  if (!advice) {
    sync.next.active = HpaStatus::Active::kInvalid;
    sync.next.current = current;
    events_.record(known.hpa.uid);  // FailedComputeMetricsReplicas
    return write_status(number);
  }
  sync.next.active = HpaStatus::Active::kValid;
  sync.next.deciding = advice->deciding;
  const HpaSpec& spec = sync.spec;
  std::int32_t desired =
      known.rules.apply(spec, {current, advice->replicas}, now(), sync.next.limits);
  sync.next.able =
      sync.next.limits.is_stabilized ? HpaStatus::Able::kStabilized : HpaStatus::Able::kReady;
  if (current == 0 && known.status.is_scaled_to_zero) desired = std::max(desired, spec.min);
  return desired == current ? keep(number) : rescale(number, desired);
}

void HpaController::rescale(Number number, std::int32_t desired) {
  hpas_[number].sync.desired = desired;
  ask(clients_.scales, number, [this, number](const Result<void>& written) {
    if (!written) return end(number);
    on_rescaled(number);
  });
}

void HpaController::on_rescaled(Number number) {
  Known& known = hpas_[number];
  Sync& sync = known.sync;
  const HpaSpec& spec = sync.spec;
  known.hpa.target->set_replicas(sync.desired);
  events_.record(known.hpa.uid);  // SuccessfulRescale
  known.rules.note_change(spec, sync.scale.replicas, sync.desired, now());
  sync.next.able = HpaStatus::Able::kRescaled;
  sync.next.current = sync.scale.replicas;
  sync.next.desired = sync.desired;
  sync.next.last_scale = cut_to_second(api_.kernel().wall(now()));
  sync.next.is_scaled_to_zero = config_.release.scales_to_zero() && sync.scale.replicas > 0 &&
                                sync.desired == 0 && spec.min == 0 && spec.has_object_or_external();
  write_status(number);
}

void HpaController::keep(Number number) {
  Sync& sync = hpas_[number].sync;
  sync.next.current = sync.next.desired = sync.scale.replicas;
  write_status(number);
}

void HpaController::write_status(Number number) {
  Known& known = hpas_[number];
  if (known.sync.next == known.status) return end(number);
  ask(clients_.hpas, number, [this, number](const Result<void>& written) {
    Known& tried = hpas_[number];
    if (written) {
      tried.status = std::move(tried.sync.next);
      // The HPA's own event in the watch, which does not hurry the next sync.
      queue_.add_after(number, config_.flags.sync_period);
    }
    end(number);
  });
}

void HpaController::end(Number number) {
  queue_.add_after(number, config_.flags.sync_period);
  queue_.end(number, true);
}

ApiClient& HpaController::client_of(const HpaMetric& metric) {
  switch (metric.source) {
    case HpaMetric::Source::kCpu:
    case HpaMetric::Source::kMemory:
      return clients_.resource;
    case HpaMetric::Source::kPods:
    case HpaMetric::Source::kObject:
      return clients_.custom;
    case HpaMetric::Source::kExternal:
      return clients_.external;
  }
  std::abort();
}

}  // namespace casim::sim
