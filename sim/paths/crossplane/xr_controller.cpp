#include "sim/paths/crossplane/xr_controller.h"

namespace casim::sim {
namespace {

QueueRules rules_of(const CrossplaneConfig& config) {
  QueueRules rules;
  rules.backoff = {.first = config.xr_backoff_base,
                   .longest = config.xr_backoff_max,
                   .qps = 0,
                   .burst = 0,
                   .on_top = {}};
  return rules;
}

}  // namespace

XrController::XrController(Ports ports, const CrossplaneConfig& config)
    : ports_(ports),
      config_(config),
      loop_(ports.kernel, config.xr_workers, rules_of(config),
            [this](std::uint32_t key) { return round(key); }) {
  ports_.machines.subscribe(
      [this](std::uint32_t key, const XMachine*, const XMachine*) { loop_.add(key); });
  ports_.requests.subscribe([this](std::uint32_t request, const Managed* before,
                                   const Managed* after) { on_request(request, before, after); });
}

const XMachine* XrController::owner_of(std::uint32_t request) const {
  const auto found = owner_.find(request);
  return found == owner_.end() ? nullptr : ports_.machines.newest(found->second);
}

Breaker& XrController::breaker(std::uint32_t key) {
  return breakers_.try_emplace(key, config_.breaker).first->second;
}

void XrController::on_request(std::uint32_t request, const Managed* before, const Managed* after) {
  const auto owner = owner_.find(request);
  if (owner == owner_.end()) return;
  const std::uint32_t key = owner->second;
  const bool is_leaving = after == nullptr || after->meta.is_deleted;
  if (is_leaving) return loop_.add(key);
  if (!config_.realtime) return;
  Breaker& of = breaker(key);
  const TimePoint now = ports_.kernel.now();
  const bool passes = before == nullptr ? of.passes(now) : of.passes_update(now);
  if (passes) return loop_.add(key);
  ++dropped_;
}

Awaitable<RoundEnd> XrController::round(std::uint32_t key) {
  const XMachine* seen = ports_.machines.seen(key).object;
  if (seen == nullptr) co_return RoundEnd::done();
  const XMachine machine = *seen;
  if (machine.is_deleted) co_return co_await take_down(key, machine);
  std::uint64_t version = ports_.machines.seen_version(key);
  if (!machine.has_finalizer) {
    co_await ports_.kube.request(key, ports_.kube.requests());
    if (ports_.machines.version(key) != version) co_return RoundEnd::again();
    ports_.machines.modify(key, [](XMachine& m) { m.has_finalizer = true; });
    version = ports_.machines.version(key);
  }
  const double u = ports_.random.uniform("crossplane.pipeline", key, rounds_++);
  co_await ports_.kernel.clock(Phase::kWorld).sleep_for(config_.pipeline.duration(u));
  // A round that began with an old copy would compose a second time: its write is refused.
  if (ports_.machines.version(key) != version) co_return RoundEnd::again();
  if (!machine.request) {
    co_await compose(key);
  } else {
    co_await copy_status(key, machine);
  }
  if (config_.realtime) co_return RoundEnd::done();
  const double jitter = ports_.random.uniform("crossplane.xr_poll", key, rounds_);
  co_return RoundEnd::later(from_seconds(to_seconds(config_.xr_poll) * (0.9 + 0.2 * jitter)));
}

// The reference is written before what it refers to.
Awaitable<void> XrController::compose(std::uint32_t key) {
  co_await ports_.kube.request(key, ports_.kube.requests());
  const std::uint32_t request = ports_.requests.next_key();
  const bool is_there = ports_.machines.modify(key, [&](XMachine& m) { m.request = request; });
  if (!is_there) co_return;
  Managed object;
  object.spec.wait_timeout = config_.http_timeout;
  own(request, key);
  ports_.requests.create(object);
}

Awaitable<void> XrController::copy_status(std::uint32_t key, const XMachine& machine) {
  const Managed* request = ports_.requests.seen(*machine.request).object;
  if (request == nullptr) co_return;
  const ManagedStatus& status = request->status;
  const bool is_ready = status.ready == ConditionState::kTrue;
  const bool is_same = machine.is_ready == is_ready && machine.instance_id == status.id &&
                       machine.state == status.state && machine.error == status.error;
  if (is_same) co_return;
  const ManagedStatus copied = status;
  co_await ports_.kube.request(key, ports_.kube.requests());
  ports_.machines.modify(key, [&](XMachine& m) {
    m.is_ready = is_ready;
    m.instance_id = copied.id;
    m.state = copied.state;
    m.error = copied.error;
  });
}

Awaitable<RoundEnd> XrController::take_down(std::uint32_t key, const XMachine& machine) {
  const Managed* newest = machine.request ? ports_.requests.newest(*machine.request) : nullptr;
  co_await ports_.kube.request(key, ports_.kube.requests());
  if (newest == nullptr || ports_.requests.newest(*machine.request) == nullptr) {
    ports_.machines.erase(key);
    breakers_.erase(key);
    co_return RoundEnd::done();
  }
  const Managed request = *ports_.requests.newest(*machine.request);
  if (request.meta.is_deleted) co_return RoundEnd::done();  // its end is an event
  if (request.meta.has_finalizer) {
    ports_.requests.modify(*machine.request, [](Managed& r) { r.meta.is_deleted = true; });
  } else {
    ports_.requests.erase(*machine.request);
  }
  co_return RoundEnd::done();
}

}  // namespace casim::sim
