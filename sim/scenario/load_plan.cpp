#include "sim/scenario/load_plan.h"

#include "sim/load/scaling_trace.h"
#include "sim/load/sha256.h"
#include "sim/scenario/arrival_plan.h"
#include "sim/scenario/resolve_pod.h"
#include "sim/scenario/resolve_volumes.h"

namespace casim::sim {
namespace {

BurstSpec make_burst(const std::string& name, const BurstWorkload& burst,
                     const Scenario& scenario) {
  BurstSpec spec;
  spec.name = name;
  spec.count = static_cast<std::uint64_t>(burst.count);
  spec.at = burst.at;
  spec.over = burst.over;
  if (burst.run_for > Duration{}) spec.run_for = burst.run_for;
  spec.pod = resolve_pod(name, burst.pod, scenario);
  return spec;
}

PlacedSpec make_placed(const std::string& name, const InitialWorkload& initial,
                       const Scenario& scenario) {
  PlacedSpec spec;
  spec.burst.name = name;
  spec.places.push_back(initial.place);
  spec.places.insert(spec.places.end(), initial.also.begin(), initial.also.end());
  spec.burst.count = static_cast<std::uint64_t>(initial.pending);
  for (const InitialPlace& place : spec.places) {
    spec.burst.count +=
        static_cast<std::uint64_t>(place.nodes) * static_cast<std::uint64_t>(place.per_node);
  }
  spec.burst.pod = resolve_pod(name, initial.pod, scenario);
  return spec;
}

// Those of a rollout without a pod are as before, and yet another template: as after a restart.
std::vector<Rollout> make_rollouts(const std::string& name, const std::vector<RolloutStep>& steps,
                                   PodSpec pod, const Scenario& scenario) {
  std::vector<Rollout> rollouts;
  for (const RolloutStep& step : steps) {
    if (step.pod) pod = resolve_pod(name, *step.pod, scenario);
    rollouts.push_back({step.at, pod});
  }
  return rollouts;
}

std::vector<ReplicaChange> make_changes(const std::vector<ScaleStep>& steps) {
  std::vector<ReplicaChange> changes;
  for (const ScaleStep& step : steps) {
    changes.push_back({step.at, static_cast<std::uint64_t>(step.replicas)});
  }
  return changes;
}

// What the three kinds have in common.
template <class Kind>
ControlledSpec make_controlled(const std::string& name, const Kind& workload,
                               const Scenario& scenario) {
  ControlledSpec spec;
  spec.name = name;
  spec.at = workload.at;
  spec.pod = resolve_pod(name, workload.pod, scenario);
  spec.rollouts = make_rollouts(name, workload.rollouts, spec.pod, scenario);
  if constexpr (!std::is_same_v<Kind, DaemonSetWorkload>) {
    spec.replicas = static_cast<std::uint64_t>(workload.replicas);
    spec.changes = make_changes(workload.scale);
  }
  return spec;
}

std::optional<ControlledSpec> make_controlled(const Workload& workload, const Scenario& scenario) {
  if (const auto* deployment = std::get_if<DeploymentWorkload>(&workload.body)) {
    ControlledSpec spec = make_controlled(workload.name, *deployment, scenario);
    const bool recreate = deployment->strategy == RolloutStrategy::kRecreate;
    spec.kind = DeploymentKind{{recreate, deployment->max_surge, deployment->max_unavailable},
                               deployment->min_ready};
    return spec;
  }
  if (const auto* stateful = std::get_if<StatefulSetWorkload>(&workload.body)) {
    ControlledSpec spec = make_controlled(workload.name, *stateful, scenario);
    spec.kind =
        StatefulSetKind{stateful->pod_management == PodManagement::kParallel,
                        static_cast<std::uint64_t>(stateful->partition), stateful->max_unavailable,
                        stateful->min_ready, resolve_claims(*stateful, scenario)};
    return spec;
  }
  if (const auto* daemon = std::get_if<DaemonSetWorkload>(&workload.body)) {
    ControlledSpec spec = make_controlled(workload.name, *daemon, scenario);
    spec.kind = DaemonSetKind{daemon->max_unavailable, daemon->max_surge};
    return spec;
  }
  return std::nullopt;
}

BatchSpec make_batch(const std::string& name, const JobTemplate& job, const Scenario& scenario) {
  BatchSpec spec;
  spec.job = resolve_job(job);
  spec.pods.name = name;
  spec.pods.count = spec.job.completions.value_or(spec.job.parallelism);
  spec.pods.run_for = job.run_for;
  spec.pods.failure_rate = job.failure_rate;
  spec.pods.pod = resolve_pod(name, job.pod, scenario);
  return spec;
}

TraceSpan span_of(const std::string& name, const TraceWorkload& workload, std::uint64_t seed) {
  TraceSpan span;
  if (workload.window) {
    span.from = workload.window->from;
    span.to = workload.window->to;
  }
  span.sample = workload.sample;
  span.time_scale = workload.time_scale;
  span.copies = static_cast<std::uint64_t>(workload.copies);
  span.jitter = workload.jitter;
  span.random = Random(seed);
  span.key = hash_bytes(name);
  return span;
}

void tell(const TraceProblems& found, const std::filesystem::path& file,
          config::Problems& problems) {
  for (const std::string& problem : found.first()) {
    problems.add({.file = "", .path = "", .message = problem});
  }
  if (const std::size_t more = found.count() - found.first().size(); more > 0) {
    problems.add({.file = "",
                  .path = "",
                  .message = file.string() + ": " + std::to_string(more) + " more problems"});
  }
}

TraceReader reader_of(TraceFormat format) {
  if (format == TraceFormat::kOpenb) return read_openb;
  return format == TraceFormat::kSurf ? read_surf : read_casim;
}

// The trace's text, if it is the one that the workload means; else nothing, with problems added.
std::optional<std::string> trace_text(const std::string& name, const TraceWorkload& workload,
                                      LoadPlan& plan, config::Problems& problems) {
  auto text = read_text(workload.file);
  if (!text) {
    tell(text.error(), workload.file, problems);
    return std::nullopt;
  }
  std::string& sha256 = plan.sha256[name];
  sha256 = sha256_of(*text);
  if (!workload.sha256 || *workload.sha256 == sha256) return *std::move(text);
  problems.add({.file = workload.file.string(),
                .path = "",
                .message = "is another file than the scenario means: its SHA-256 is " + sha256 +
                           ", that of workload \"" + name + "\" is " + *workload.sha256});
  return std::nullopt;
}

// Nothing, with problems added, when the file cannot be played.
void add_trace(const std::string& name, const TraceWorkload& workload, const Scenario& scenario,
               LoadPlan& plan, config::Problems& problems) {
  const auto text = trace_text(name, workload, plan, problems);
  if (!text) return;
  auto trace = reader_of(workload.format)(*text, workload.file.string(),
                                          span_of(name, workload, scenario.seed));
  if (!trace) return tell(trace.error(), workload.file, problems);
  for (const std::string& note : trace->counts.notes()) plan.notes.push_back(name + ": " + note);
  TraceSpec spec;
  spec.name = name;
  spec.trace = std::move(*trace);
  spec.pod = resolve_pod(name, PodTemplate{}, scenario);
  spec.gpu_tolerations = workload.gpu_tolerations;
  plan.workloads.emplace_back(std::move(spec));
}

// Each Deployment is a workload of its own.
void add_scaling_trace(const std::string& name, const TraceWorkload& workload,
                       const Scenario& scenario, LoadPlan& plan, config::Problems& problems) {
  const auto text = trace_text(name, workload, plan, problems);
  if (!text) return;
  auto trace = read_simkube(*text, workload.file.string(), span_of(name, workload, scenario.seed));
  if (!trace) return tell(trace.error(), workload.file, problems);
  for (ScaledDeployment& deployment : trace->deployments) {
    ScaledSpec spec;
    spec.name = name + "-" + deployment.namespace_name + "-" + deployment.name;
    spec.pod = resolve_pod(spec.name, PodTemplate{}, scenario);
    spec.pod.namespace_name = deployment.namespace_name;
    spec.pod.requests = deployment.requests;
    spec.steps = std::move(deployment.steps);
    plan.workloads.emplace_back(std::move(spec));
  }
}

}  // namespace

std::vector<Duration> job_begins(const BatchSpec& batch, const Scenario& scenario) {
  if (!batch.cron) return {batch.at};
  std::vector<Duration> begins;
  if (!scenario.duration || batch.cron->is_suspended) return begins;
  for (auto due = batch.cron->schedule.next(scenario.start);
       due && *due - scenario.start < *scenario.duration; due = batch.cron->schedule.next(*due)) {
    begins.push_back(*due - scenario.start);
  }
  return begins;
}

Scenario with_hashes(Scenario scenario, const LoadPlan& plan) {
  for (Workload& workload : scenario.workloads) {
    const auto sha256 = plan.sha256.find(workload.name);
    auto* const trace = std::get_if<TraceWorkload>(&workload.body);
    if (trace != nullptr && sha256 != plan.sha256.end()) trace->sha256 = sha256->second;
  }
  return scenario;
}

std::vector<ScalingStep> replica_steps(const ControlledSpec& set) {
  std::vector<ScalingStep> steps{{set.at, set.replicas}};
  for (const ReplicaChange& change : set.changes) steps.push_back({change.at, change.replicas});
  return steps;
}

LoadPlan make_load_plan(const LoadedScenario& loaded, config::Problems& problems) {
  LoadPlan plan;
  for (const Workload& workload : loaded.scenario.workloads) {
    if (const auto* burst = std::get_if<BurstWorkload>(&workload.body)) {
      plan.workloads.emplace_back(make_burst(workload.name, *burst, loaded.scenario));
      continue;
    }
    if (const auto* initial = std::get_if<InitialWorkload>(&workload.body)) {
      plan.workloads.emplace_back(make_placed(workload.name, *initial, loaded.scenario));
      continue;
    }
    if (const auto* arrivals = std::get_if<ArrivalWorkload>(&workload.body)) {
      auto spec = make_arrivals(workload.name, *arrivals, loaded.scenario, problems);
      if (spec) plan.workloads.emplace_back(std::move(*spec));
      continue;
    }
    if (auto controlled = make_controlled(workload, loaded.scenario)) {
      plan.workloads.emplace_back(std::move(*controlled));
      continue;
    }
    if (const auto* job = std::get_if<JobWorkload>(&workload.body)) {
      BatchSpec spec = make_batch(workload.name, job->job, loaded.scenario);
      spec.at = job->at;
      plan.workloads.emplace_back(std::move(spec));
      continue;
    }
    if (const auto* cron_job = std::get_if<CronJobWorkload>(&workload.body)) {
      BatchSpec spec = make_batch(workload.name, cron_job->job, loaded.scenario);
      spec.cron = resolve_cron_job(*cron_job);
      plan.workloads.emplace_back(std::move(spec));
      continue;
    }
    const auto* given = std::get_if<TraceWorkload>(&workload.body);
    if (given == nullptr) continue;  // a manifest, whose content stands beside it
    const TraceWorkload& trace = *given;
    const auto add = trace.format == TraceFormat::kSimkube ? add_scaling_trace : add_trace;
    add(workload.name, trace, loaded.scenario, plan, problems);
  }
  return plan;
}

}  // namespace casim::sim
