#include "sim/autoscaler/core/autoscaler.h"

#include <utility>

#include "sim/autoscaler/core/autoscaler_state.h"

namespace casim::sim {
namespace {

// So that no cooldown and no immediate loop is due at the start (1.1).
constexpr Duration kLongAgo = std::chrono::hours(1);

}  // namespace

Autoscaler::State::State(AutoscalerOptions o, AutoscalerPorts p)
    : options(std::move(o)),
      ports(p),
      scope(p.executor),
      events(options, p.writer, p.clock, scope),
      taints(options),
      snapshot(p.order),
      snapshot_cache(options, p.checks),
      delays(options),
      templates(p.provider, options),
      state(p.provider, options, p.clock, templates, p.observer, events, p.checks),
      repairs(options, p.provider, state, p.order, p.observer, events),
      pod_list(options),
      scale_up(options, {p.provider, state, templates, snapshot, p.view, p.clock, p.compute_time,
                         p.order, p.observer, events, delays}),
      candidate_order(options, p.checks),
      planner(options, {p.provider, snapshot, p.view, p.clock, p.compute_time, p.order, p.observer,
                        p.checks}),
      actuator(options, {p.provider, state, p.view, p.writer, snapshot, p.clock, p.order,
                         p.observer, events, scope, delays}) {
  const TimePoint long_ago = p.clock.now() - kLongAgo;
  last_scale_up_time = long_ago;
  last_scale_down_delete_time = long_ago;
  last_scale_down_fail_time = long_ago;
}

Autoscaler::Autoscaler(AutoscalerOptions options, AutoscalerPorts ports, std::uint32_t loops_before)
    : state_(std::make_unique<State>(std::move(options), ports)) {
  state_->loops = loops_before;
}

Autoscaler::~Autoscaler() = default;

void Autoscaler::start() { state_->scope.spawn(state_->state.instances().refresh_periodically()); }

Awaitable<RunResult> Autoscaler::run_once() {
  State& s = *state_;
  RunOnceContext run;
  run.id = LoopId(++s.loops);
  run.time = LoopTime{s.ports.clock.now(), s.ports.clock.wall_now()};
  s.ports.observer.on_loop_started(run.id);
  const LoopEnd end = co_await s.run(run);
  if (run.has_state) co_await s.write_status(run);
  s.report_results(run);
  s.ports.observer.on_loop_ended(run.id, end);
  co_return RunResult{run.id, end.error};
}

Awaitable<void> Autoscaler::run_loop() { co_await run_once(); }

AutoscalerOptions& Autoscaler::options() { return state_->options; }

TimePoint Autoscaler::last_scale_up_time() const { return state_->last_scale_up_time; }

TimePoint Autoscaler::last_scale_down_delete_time() const {
  return state_->last_scale_down_delete_time;
}

LoopId Autoscaler::loop() const { return state_->loops == 0 ? LoopId() : LoopId(state_->loops); }

LoopTiming Autoscaler::timing() const {
  return LoopTiming{state_->options.scan_interval, state_->options.frequent_loops_enabled};
}

void Autoscaler::cancel() { state_->scope.cancel(); }

bool Autoscaler::is_idle() const { return state_->scope.empty(); }

}  // namespace casim::sim
