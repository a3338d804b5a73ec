#include "sim/paths/crossplane/crossplane_path.h"

#include <cmath>
#include <string>
#include <utility>

#include "sim/paths/crossplane/crossplane_machines.h"
#include "src/provider/machine_tags.h"

namespace casim::sim {
namespace {

constexpr int kAppliedOk = 200;

ManagedControllerConfig controller_config(const CrossplaneConfig& config) {
  ManagedControllerConfig out;
  out.workers = config.workers;
  out.backoff_base = config.backoff_base;
  out.backoff_max = config.backoff_max;
  out.resync = config.sync;
  out.reconciler.poll = config.poll;
  out.reconciler.poll_jitter = config.poll_jitter;
  out.reconciler.timeout = config.reconcile_timeout;
  out.reconciler.create_grace = config.create_grace;
  return out;
}

KubeClientConfig kube_config(const CrossplaneConfig& config) {
  return {.qps = config.kube_qps, .burst = config.kube_burst, .call = config.kube_call};
}

}  // namespace

CrossplanePath::CrossplanePath(Ports ports, CrossplaneConfig config, std::string cluster,
                               std::string image_id)
    : ports_(ports),
      config_(std::move(config)),
      machines_(ports.kernel, ports.random, "crossplane.watch.xr", config_.watch_delay),
      requests_(ports.kernel, ports.random, "crossplane.watch.request", config_.watch_delay),
      provider_kube_(ports.kernel, ports.random, "crossplane.provider", kube_config(config_)),
      core_kube_(ports.kernel, ports.random, "crossplane.core",
                 {.qps = 0, .burst = 0, .call = config_.kube_call}),
      http_kube_(ports.kernel, ports.random, "crossplane.http", kube_config(config_)),
      xrs_({.kernel = ports.kernel,
            .random = ports.random,
            .machines = machines_,
            .requests = requests_,
            .kube = core_kube_},
           config_),
      gateway_(ports.api, ports.kernel.clock(Phase::kWorld),
               [this](std::uint32_t request) { return xrs_.owner_of(request); },
               {.cluster = std::move(cluster),
                .image_id = std::move(image_id),
                .client_token = config_.client_token,
                .observe_url = config_.observe_url}),
      client_(gateway_, config_.http_error_is_create_success),
      gate_(config_.global_rate, config_.global_burst),
      controller_({.kernel = ports.kernel,
                   .random = ports.random,
                   .store = requests_,
                   .kube = http_kube_,
                   .external = client_,
                   .gate = gate_},
                  0, controller_config(config_)) {
  machines_.subscribe(
      [this](std::uint32_t key, const XMachine*, const XMachine*) { waits_.note(key); });
  requests_.subscribe([this](std::uint32_t key, const Managed* before, const Managed* after) {
    if (before != nullptr && after != nullptr) note_stuck(key, *before, *after);
    if (after != nullptr) free_when_stuck(key, *after);
  });
}

std::unique_ptr<provider::Machines> CrossplanePath::make_machines() {
  return std::make_unique<CrossplaneMachines>(*this);
}

// Made long ago, and all is said of it.
void CrossplanePath::adopt(const ec2::Instance& instance) {
  XMachine machine;
  // All that its create said, so that one that is sent again is the same.
  machine.slot = SlotId(std::stoull(provider::tag_of(instance, provider::kSlotTag)));
  machine.token = provider::slot_token_of(instance);
  machine.group = provider::tag_of(instance, provider::kGroupTag);
  machine.type = instance.type;
  machine.zone = instance.zone;
  machine.lifecycle = instance.lifecycle;
  machine.has_finalizer = true;
  machine.request = requests_.next_key();
  machine.is_ready = true;
  machine.instance_id = instance.id;
  machine.state = ec2::name_of(instance.state);
  xrs_.own(*machine.request, order(machine));
  Managed request;
  request.spec.wait_timeout = config_.http_timeout;
  request.meta.has_external_name = true;
  request.meta.has_finalizer = true;
  request.meta.pending = instance.launch_time;
  request.meta.succeeded = instance.launch_time;
  request.status.ready = ConditionState::kTrue;
  request.status.synced = ConditionState::kTrue;
  request.status.code = kAppliedOk;
  request.status.id = instance.id;
  request.status.state = machine.state;
  requests_.create(request);
}

void CrossplanePath::start() {
  if (config_.pod_restarts_per_day > 0) plan_restart();
}

void CrossplanePath::stop() {
  ports_.kernel.cancel(next_restart_);
  controller_.crash();
  xrs_.loop().crash();
}

// Times between restarts are exponential.
void CrossplanePath::plan_restart() {
  const double u = ports_.random.uniform("crossplane.pod_restart", 0, restarts_++);
  const double days = -std::log(u) / config_.pod_restarts_per_day;
  next_restart_ = ports_.kernel.after(from_seconds(days * 86400), Phase::kWorld, [this] {
    controller_.crash();
    next_restart_ = ports_.kernel.after(config_.pod_restart_time, Phase::kWorld, [this] {
      controller_.restart();
      plan_restart();
    });
  });
}

void CrossplanePath::note_stuck(std::uint32_t request, const Managed& before,
                                const Managed& after) {
  if (before.status.is_stuck == after.status.is_stuck) return;
  const XMachine* owner = xrs_.owner_of(request);
  if (owner == nullptr) return;
  if (after.status.is_stuck) {
    ports_.facts.on_fact(ports_.kernel.now(), CreationStuck{owner->slot});
  } else {
    ports_.facts.on_fact(ports_.kernel.now(), CreationFreed{owner->slot});
  }
}

// Somebody sees it, and removes the mark.
void CrossplanePath::free_when_stuck(std::uint32_t request, const Managed& object) {
  if (config_.operator_after == Duration{} || !is_creation_incomplete(object.meta)) return;
  const WallTime mark = *object.meta.pending;
  const auto [entry, is_new] = awaits_operator_.try_emplace(request, mark);
  if (!is_new && entry->second == mark) return;
  entry->second = mark;
  ports_.kernel.after(config_.operator_after, Phase::kWorld, [this, request, mark] {
    const Managed* newest = requests_.newest(request);
    if (newest == nullptr || !is_creation_incomplete(newest->meta)) return;
    if (newest->meta.pending != mark) return;
    requests_.modify(request, [](Managed& r) {
      r.meta.pending.reset();
      r.status.is_stuck = false;
      ++r.meta.generation;
    });
  });
}

std::optional<std::uint32_t> CrossplanePath::find(const std::string& token) const {
  const auto found = by_token_.find(token);
  if (found == by_token_.end()) return std::nullopt;
  return found->second;
}

std::uint32_t CrossplanePath::order(XMachine machine) {
  const std::string token = machine.token;
  const std::uint32_t key = machines_.create(std::move(machine));
  by_token_[token] = key;
  return key;
}

void CrossplanePath::remove(std::uint32_t key) {
  const XMachine* newest = machines_.newest(key);
  if (newest == nullptr || newest->is_deleted) return;
  if (!newest->has_finalizer && !newest->request) return machines_.erase(key);
  machines_.modify(key, [](XMachine& m) { m.is_deleted = true; });
}

}  // namespace casim::sim
