#include "sim/paths/crossplane/managed_controller.h"

namespace casim::sim {
namespace {

QueueRules rules_of(const ManagedControllerConfig& config, ReconcileGate& gate, int number,
                    Kernel& kernel) {
  QueueRules rules;
  rules.backoff = {.first = config.backoff_base,
                   .longest = config.backoff_max,
                   .qps = 0,
                   .burst = 0,
                   .on_top = {}};
  rules.hold = [&gate, number, &kernel](WorkQueue::Key key) {
    return gate.ask(number, key, kernel.now());
  };
  return rules;
}

// What the controller's predicate lets pass.
bool is_desired_state_changed(const ManagedMeta& before, const ManagedMeta& after) {
  return before.generation != after.generation || before.is_deleted != after.is_deleted ||
         before.has_external_name != after.has_external_name || before.succeeded != after.succeeded;
}

}  // namespace

ManagedController::ManagedController(Ports ports, int number, ManagedControllerConfig config)
    : ports_(ports),
      config_(config),
      reconciler_({.kernel = ports.kernel,
                   .random = ports.random,
                   .store = ports.store,
                   .kube = ports.kube,
                   .external = ports.external},
                  config.reconciler),
      loop_(ports.kernel, config.workers, rules_of(config, ports.gate, number, ports.kernel),
            [this](ManagedStore::Key key) { return round(key); }) {
  ports_.store.subscribe([this](ManagedStore::Key key, const Managed* before,
                                const Managed* after) { on_change(key, before, after); });
  resync_later();
}

void ManagedController::on_change(ManagedStore::Key key, const Managed* before,
                                  const Managed* after) {
  const bool is_change =
      before == nullptr || after == nullptr || is_desired_state_changed(before->meta, after->meta);
  if (is_change) loop_.add(key);
}

Awaitable<RoundEnd> ManagedController::round(ManagedStore::Key key) {
  const RoundEnd end = co_await reconciler_.reconcile(key);
  const ManagedStore::View view = ports_.store.seen(key);
  if (view.object == nullptr || !view.object->spec.is_disposable) co_return end;
  co_return co_await observe_error(key, end);
}

// A wrapper around the reconciler adds a condition when the limit of retries is reached. Without a
// limit it fails itself, which counts as an error of the round [PH, XR options.go].
Awaitable<RoundEnd> ManagedController::observe_error(ManagedStore::Key key, RoundEnd end) {
  ManagedCopy copy(ports_.kernel, ports_.store, ports_.kube, key);
  const ManagedStatus& status = copy.object.status;
  if (!status.has_error) co_return end;
  const std::optional<int>& limit = copy.object.spec.retries_limit;
  if (!limit) co_return RoundEnd::again();
  if (status.failures < *limit || status.error_observed == ConditionState::kTrue) co_return end;
  copy.object.status.error_observed = ConditionState::kTrue;
  co_await copy.update_status();  // the next round does it where this fails
  co_return end;
}

void ManagedController::crash() {
  ports_.kernel.cancel(resync_);
  loop_.crash();
}

void ManagedController::restart() {
  loop_.restart();
  add_all();
  resync_later();
}

void ManagedController::resync_later() {
  if (config_.resync == Duration{}) return;
  resync_ = ports_.kernel.after(config_.resync, Phase::kWorld, [this] {
    add_all();
    resync_later();
  });
}

void ManagedController::add_all() {
  for (ManagedStore::Key key = 0; key < ports_.store.next_key(); ++key) {
    if (ports_.store.seen(key).object != nullptr) loop_.add(key);
  }
}

}  // namespace casim::sim
