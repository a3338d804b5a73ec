#include <map>

#include <fmt/format.h>

#include "sim/load/scaling_trace.h"
#include "sim/load/trace_builder.h"
#include "sim/load/trace_csv.h"
#include "src/config/units.h"

namespace casim::sim {

namespace {

enum SimkubeColumn : std::size_t {
  kSeconds,
  kEvent,
  kNamespace,
  kDeployment,
  kReplicas,
  kContainers,
  kCpu,
  kMemory,
};

// One row; `containers` times its requests.
struct Event {
  Duration at{};
  std::uint64_t replicas = 0;
  Resources requests;
};

bool read_requests(TraceCsv& csv, Resources& requests) {
  const auto containers = csv.number(kContainers, 1, "a whole number of containers, such as 1");
  const auto cpu = config::parse_cpu(csv.field(kCpu));
  const auto memory = config::parse_bytes(csv.field(kMemory));
  if (!cpu) csv.wrong(kCpu, cpu.error() + "; allowed: an amount such as 500m");
  if (!memory) csv.wrong(kMemory, memory.error() + "; allowed: an amount such as 1Gi");
  if (!containers || !cpu || !memory) return false;
  if (*containers < 1 || *containers > 1000) {
    csv.wrong(kContainers, "is not from 1 to 1000; allowed: that");
    return false;
  }
  requests.cpu = *cpu * *containers;
  requests.memory = *memory * *containers;
  requests.pods = 1;
  return true;
}

bool read_event(TraceCsv& csv, Event& event) {
  const auto at = csv.number(kSeconds, kTraceSecond, "seconds from the first event, such as 423");
  const auto replicas = csv.number(kReplicas, 1, "a whole number of replicas, such as 3");
  const bool has_requests = read_requests(csv, event.requests);
  if (csv.field(kEvent) != "apply") {
    csv.wrong(kEvent, fmt::format("'{}' is not known; allowed: apply", csv.field(kEvent)));
    return false;
  }
  if (csv.field(kDeployment).empty()) {
    csv.wrong(kDeployment, "is missing; allowed: a name");
    return false;
  }
  if (!at || !replicas || !has_requests) return false;
  if (*replicas > 1'000'000) {
    csv.wrong(kReplicas, "is above 1000000; allowed: up to that");
    return false;
  }
  event.at = Duration(*at);
  event.replicas = static_cast<std::uint64_t>(*replicas);
  return true;
}

void add_step(ScaledDeployment& to, const ScalingStep& step) {
  if (!to.steps.empty() && to.steps.back().at == step.at) to.steps.pop_back();
  to.steps.push_back(step);
}

// Samples and copies the Deployments, and moves them in time.
void spread(ScalingTrace& trace, const TraceSpan& span) {
  std::vector<ScaledDeployment> played;
  const std::uint64_t count = trace.deployments.size();
  for (std::uint64_t i = 0; i < count; ++i) {
    for (std::uint64_t copy = 0; copy < span.copies; ++copy) {
      const std::uint64_t number = i + copy * count;
      if (span.sample < 1 && span.random.uniform("load.sample", span.key, number) >= span.sample) {
        continue;
      }
      ScaledDeployment& one = played.emplace_back(trace.deployments[i]);
      Duration later{};
      if (copy > 0) {
        one.name += fmt::format("-copy{}", copy);
        later = scaled_time(span.jitter, span.random.uniform("load.jitter", span.key, number));
      }
      for (ScalingStep& step : one.steps) {
        step.at = scaled_time(step.at, span.time_scale) + later;
      }
      trace.counts.played += one.steps.size();
    }
  }
  trace.deployments = std::move(played);
}

class SimkubeReader {
 public:
  SimkubeReader(TraceCsv& csv, const TraceSpan& span) : csv_(csv), span_(span) {}

  ScalingTrace read() {
    while (csv_.next()) take();
    trace_.counts.in_file = rows_;
    std::erase_if(trace_.deployments, [](const ScaledDeployment& d) { return d.steps.empty(); });
    spread(trace_, span_);
    return std::move(trace_);
  }

 private:
  void take() {
    Event event;
    ++rows_;
    if (!read_event(csv_, event)) return;
    if (event.at < last_) return csv_.wrong(kSeconds, "is before the row above; allowed: rising");
    last_ = event.at;
    const auto key =
        std::pair(std::string(csv_.field(kNamespace)), std::string(csv_.field(kDeployment)));
    const auto [found, is_new] = places_.try_emplace(key, trace_.deployments.size());
    if (is_new) trace_.deployments.push_back({key.first, key.second, event.requests, {}});
    ScaledDeployment& deployment = trace_.deployments[found->second];
    if (deployment.requests != event.requests) {
      return csv_.wrong(kCpu, "requests are not those of the rows above; allowed: the same ones");
    }
    if (event.at >= span_.to) return;
    ++trace_.counts.in_window;
    add_step(deployment, {std::max(Duration{}, event.at - span_.from), event.replicas});
  }

  TraceCsv& csv_;
  const TraceSpan& span_;
  ScalingTrace trace_;
  std::map<std::pair<std::string, std::string>, std::size_t> places_;
  Duration last_{};
  std::uint64_t rows_ = 0;
};

}  // namespace

std::expected<ScalingTrace, TraceProblems> read_simkube(std::string_view text, std::string file,
                                                        const TraceSpan& span) {
  TraceProblems problems(std::move(file));
  TraceCsv csv(text,
               {"t_seconds", "event", "namespace", "deployment", "replicas", "containers",
                "cpu_request", "memory_request"},
               problems);
  ScalingTrace trace = SimkubeReader(csv, span).read();
  if (!problems.empty()) return std::unexpected(std::move(problems));
  return trace;
}

}  // namespace casim::sim
