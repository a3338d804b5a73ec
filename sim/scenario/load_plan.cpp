#include "sim/scenario/load_plan.h"

#include "sim/scenario/resolve_pod.h"

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
  spec.burst.count =
      static_cast<std::uint64_t>(initial.nodes) * static_cast<std::uint64_t>(initial.per_node);
  spec.burst.pod = resolve_pod(name, initial.pod, scenario);
  spec.group = initial.group;
  spec.first = static_cast<std::size_t>(initial.first);
  spec.per_node = static_cast<std::size_t>(initial.per_node);
  return spec;
}

// Nothing, with problems added, when the file cannot be played.
std::optional<TraceSpec> make_trace(const std::string& name, const TraceWorkload& workload,
                                    const Scenario& scenario, config::Problems& problems) {
  TraceSpan span;
  if (workload.window) span = {workload.window->from, workload.window->to};
  const TraceReader reader = workload.format == TraceFormat::kOpenb ? read_openb : read_surf;
  auto trace = read_trace_file(reader, workload.file, span);
  if (!trace) {
    for (const std::string& problem : trace.error().first()) {
      problems.add({.file = "", .path = "", .message = problem});
    }
    if (const std::size_t more = trace.error().count() - trace.error().first().size(); more > 0) {
      problems.add(
          {.file = "",
           .path = "",
           .message = workload.file.string() + ": " + std::to_string(more) + " more problems"});
    }
    return std::nullopt;
  }
  TraceSpec spec;
  spec.name = name;
  spec.trace = std::move(*trace);
  spec.pod = resolve_pod(name, PodTemplate{}, scenario);
  spec.gpu_tolerations = workload.gpu_tolerations;
  return spec;
}

}  // namespace

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
    auto trace = make_trace(workload.name, std::get<TraceWorkload>(workload.body), loaded.scenario,
                            problems);
    if (!trace) continue;
    for (const std::string& note : trace->trace.counts.notes()) {
      plan.notes.push_back(workload.name + ": " + note);
    }
    plan.workloads.emplace_back(std::move(*trace));
  }
  return plan;
}

}  // namespace casim::sim
