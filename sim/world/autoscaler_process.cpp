#include "sim/world/autoscaler_process.h"

#include <algorithm>
#include <utility>

#include "sim/autoscaler/core/health_check.h"
#include "sim/autoscaler/core/loop_driver.h"
#include "sim/scenario/autoscaler_flags.h"
#include "sim/world/api_writer.h"
#include "sim/world/part_configs.h"
#include "sim/world/tear_down.h"
#include "src/async/task_scope.h"

namespace casim::sim {
namespace {

// client-go keeps the rate in single precision, reads 0 as its default, and a negative rate as no
// limit (rest.Config).
ApiLimit api_limit(const AutoscalerScenario& scenario, const AutoscalerOptions& options) {
  if (scenario.api) return *scenario.api;
  const AutoscalerOptions defaults;
  const double qps = static_cast<float>(options.kube_client_qps);
  const int burst = options.kube_client_burst;
  return {.qps = qps == 0 ? defaults.kube_client_qps : std::max(0.0, qps),
          .burst = burst == 0 ? defaults.kube_client_burst : burst};
}

LeaseTimes lease_times(const AutoscalerOptions& options) {
  return {.lease_duration = options.leader_elect_lease_duration,
          .renew_deadline = options.leader_elect_renew_deadline,
          .retry_period = options.leader_elect_retry_period};
}

}  // namespace

// What lives as long as the process. The loop driver drives it, so that /health-check knows.
struct AutoscalerProcess::Running : LoopBody {
  Running(const AutoscalerScenario& scenario, const AutoscalerOptions& options, const Ports& ports,
          std::uint32_t loops)
      : clock(ports.kernel.clock(Phase::kAutoscaler)),
        provider(ports.rpc, clock, ports.kernel.executor(), scenario.grpc_timeout),
        api_client(ports.api.add_client(client(std::string(kClusterAutoscaler),
                                               api_limit(scenario, options), Phase::kAutoscaler))),
        writer(api_client, ports.kernel.executor()),
        autoscaler(options,
                   {.provider = provider,
                    .view = ports.view,
                    .writer = writer,
                    .clock = clock,
                    .compute_time = ports.compute_time,
                    .order = ports.order,
                    .observer = ports.observer,
                    .executor = ports.kernel.executor(),
                    .checks = ports.checks},
                   loops),
        health(options, clock.now()),
        driver(autoscaler.timing(), *this, ports.signal, clock),
        scope(ports.kernel.executor()) {}

  Awaitable<void> run_loop() override {
    health.note_loop_started(clock.now());
    const RunResult result = co_await autoscaler.run_once();
    const bool is_success = result.ok() || result.error == AutoscalerErrorType::kTransientError;
    if (is_success) health.note_success(clock.now());
  }

  TimePoint last_scale_up_time() const override { return autoscaler.last_scale_up_time(); }

  TimePoint last_scale_down_delete_time() const override {
    return autoscaler.last_scale_down_delete_time();
  }

  void cancel() {
    api_client.die();
    scope.cancel();
    autoscaler.cancel();
  }

  Clock& clock;
  CloudProvider provider;
  ApiClient& api_client;
  ApiWriter writer;
  Autoscaler autoscaler;
  HealthCheck health;
  LoopDriver driver;
  TaskScope scope;
};

AutoscalerProcess::AutoscalerProcess(const AutoscalerScenario& scenario, Ports ports)
    : scenario_(scenario),
      options_(autoscaler_options(scenario).options),
      ports_(std::move(ports)) {
  if (!options_.leader_elect) return;
  election_.emplace(
      std::string(kClusterAutoscaler), lease_times(options_),
      LeaderElection::Ports{.kernel = ports_.kernel,
                            .outages = ports_.api.outages(),
                            .random = ports_.random,
                            .facts = ports_.facts},
      LeaderElection::Callbacks{.on_lost = [this] { end(); }, .on_elected = [this] { start(); }});
  ports_.api.outages().when_one_begins(
      [this](const ApiOutages::Outage& outage) { election_->on_outage(outage); });
}

AutoscalerProcess::~AutoscalerProcess() {
  stop_in_destructor([this] { stop(); });
  // Are left only where their tasks would not end: better lost than dangling.
  static_cast<void>(running_.release());
  static_cast<void>(dying_.release());
}

void AutoscalerProcess::stop() {
  if (running_) running_->cancel();
  settle_wholly(ports_.kernel);
  running_.reset();
  dying_.reset();
}

void AutoscalerProcess::start() {
  dying_.reset();
  started_ = ports_.kernel.now();
  ports_.facts.on_fact(started_, AutoscalerStarted{++life_});
  if (ports_.on_started) ports_.on_started();
  running_ = std::make_unique<Running>(scenario_, options_, ports_, loops_);
  running_->autoscaler.start();
  running_->scope.spawn(running_->driver.run());
  if (scenario_.liveness.failure_threshold > 0) watch();
}

void AutoscalerProcess::watch() {
  const Duration period = scenario_.liveness.probe_period;
  const TimePoint limit = running_->health.surely_healthy_until();
  const TimePoint now = ports_.kernel.now();
  const Duration span = std::max(limit, now) - started_;
  const TimePoint due = started_ + (span / period + 1) * period;  // the first probe later than that
  ports_.kernel.at(due, Phase::kWorld, [this, life = life_] {
    if (life == life_ && running_) probe(0);
  });
}

void AutoscalerProcess::probe(int failed_before) {
  if (running_->health.is_healthy(ports_.kernel.now())) return watch();
  const int failed = failed_before + 1;
  if (failed >= scenario_.liveness.failure_threshold) return kill();
  ports_.kernel.after(scenario_.liveness.probe_period, Phase::kWorld, [this, failed, life = life_] {
    if (life == life_ && running_) probe(failed);
  });
}

// In the same pod, so that the lease is still its own.
void AutoscalerProcess::kill() {
  ports_.facts.on_fact(ports_.kernel.now(), AutoscalerKilled{life_});
  end();
  restart(ports_.kernel.now() + scenario_.liveness.restart_time);
}

void AutoscalerProcess::crash(std::optional<Duration> down_for) {
  if (!running_) return;
  const TimePoint now = ports_.kernel.now();
  ports_.facts.on_fact(now, AutoscalerCrashed{life_});
  end();
  if (!down_for && election_) return election_->on_death();
  restart(later(now, down_for.value_or(scenario_.liveness.restart_time)));
}

void AutoscalerProcess::end() {
  if (!running_) return;
  const LoopId last = running_->autoscaler.loop();
  if (last.is_valid()) loops_ = last.value();
  running_->cancel();
  dying_ = std::move(running_);
  ports_.signal.take();
}

// It lists the cluster before it does anything else.
void AutoscalerProcess::restart(TimePoint at) {
  ports_.kernel.at(at, Phase::kWorld, [this, life = life_] {
    if (life != life_ || running_) return;
    if (election_ && !election_->has_leader()) return;  // a standby takes over
    const TimePoint now = ports_.kernel.now();
    const ApiOutages& outages = ports_.api.outages();
    const TimePoint up = election_ ? outages.leases_from(now) : outages.up_from(now);
    if (up > now) return restart(up);
    if (election_) election_->on_return();
    start();
  });
}

}  // namespace casim::sim
