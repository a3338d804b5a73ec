#include "sim/scenario/arrival_plan.h"

#include <algorithm>
#include <limits>

#include "sim/load/rate_shapes.h"
#include "sim/scenario/resolve_pod.h"
#include "src/config/csv_numbers.h"
#include "src/core/round.h"

namespace casim::sim {
namespace {

// Makes the rate of one term; what is random in it hangs on the workload and the term's number.
struct RateMaker {
  const Random& random;
  std::uint64_t key;
  WallTime start;

  RatePtr operator()(const ConstantRate& r) const { return constant_rate(r.rate.per_second); }

  RatePtr operator()(const RampRate& r) const {
    return ramp(to_seconds(r.at), to_seconds(r.over), r.from.per_second, r.to.per_second);
  }

  RatePtr operator()(const BurstsRate& r) const {
    return bursts({.size = static_cast<double>(r.size),
                   .at = to_seconds(r.at),
                   .every = to_seconds(r.every),
                   .over = to_seconds(r.over),
                   .jitter = to_seconds(r.jitter)},
                  random, key);
  }

  RatePtr operator()(const CycleRate& r) const {
    CycleShape shape{
        .peak = r.peak.per_second, .day = r.hours, .weekdays = r.weekdays, .start = start};
    if (shape.day.empty()) shape.day = cosine_day(r.trough, to_seconds(r.peak_at));
    if (shape.weekdays.empty()) shape.weekdays.assign(7, 1);
    return cycle(std::move(shape));
  }

  RatePtr operator()(const MarkovRate& r) const {
    std::vector<ModulatedState> states;
    for (const MarkovState& state : r.states) {
      const Distribution stay(Exponential{to_seconds(state.mean)});
      states.push_back({state.rate.per_second, stay, state.next});
    }
    return modulated(std::move(states), random, key);
  }

  RatePtr operator()(const OnOffRate& r) const {
    return modulated({{r.rate.per_second, r.on, {}}, {0, r.off, {}}}, random, key);
  }
};

double seconds_or_never(const std::optional<Duration>& time) {
  return time ? to_seconds(*time) : std::numeric_limits<double>::infinity();
}

RatePtr make_rate(const std::string& name, const ArrivalWorkload& workload, const Random& random,
                  WallTime start) {
  std::vector<RatePtr> terms;
  for (const RateTerm& term : workload.rates) {
    const std::uint64_t key = hash_combine(hash_bytes(name), terms.size());
    RatePtr rate = std::visit(RateMaker{random, key, start}, term.body);
    if (term.from || term.to) {
      rate = window(std::move(rate), to_seconds(term.from.value_or(Duration{})),
                    seconds_or_never(term.to));
    }
    terms.push_back(scaled(std::move(rate), term.scale));
  }
  RatePtr rate = scaled(sum(std::move(terms)), workload.scale);
  if (workload.from == Duration{}) return rate;
  return window(std::move(rate), to_seconds(workload.from), seconds_or_never(std::nullopt));
}

std::int64_t whole(double value) {
  return round_to<std::int64_t>(std::clamp(value, 0.0, 1e18));  // beyond any machine
}

// Nothing when the file cannot be read.
std::optional<std::vector<EmpiricalPod>> read_rows(const EmpiricalRows& given,
                                                   config::Problems& problems) {
  std::vector<std::string> columns;
  if (given.cpu) columns.push_back(given.cpu->column);
  if (given.memory) columns.push_back(given.memory->column);
  if (given.run_for) columns.push_back(given.run_for->column);
  const auto numbers = config::read_csv_numbers(given.file, columns);
  if (!numbers) {
    for (const std::string& problem : numbers.error()) {
      problems.add({.file = "", .path = "", .message = problem});
    }
    return std::nullopt;
  }
  std::vector<EmpiricalPod> rows(numbers->front().size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::size_t column = 0;
    const auto next = [&](auto unit) {
      return (*numbers)[column++][i] * static_cast<double>(unit);
    };
    if (given.cpu) rows[i].cpu = MilliCpu(whole(next(given.cpu->unit.value())));
    if (given.memory) rows[i].memory = Bytes(whole(next(given.memory->unit.value())));
    if (given.run_for) {
      rows[i].run_for = Distribution(Constant{next(to_seconds(given.run_for->unit))}).duration(0.5);
    }
  }
  return rows;
}

}  // namespace

std::optional<ArrivalSpec> make_arrivals(const std::string& name, const ArrivalWorkload& workload,
                                         const Scenario& scenario, config::Problems& problems) {
  ArrivalSpec spec;
  spec.name = name;
  spec.random = Random(scenario.seed);
  spec.is_poisson = workload.process == ArrivalProcess::kPoisson;
  spec.rate = make_rate(name, workload, spec.random, scenario.start);
  spec.end = std::min(seconds_or_never(workload.to), seconds_or_never(scenario.duration));
  spec.as_jobs = workload.as == ArrivesAs::kJob;
  spec.run_for = workload.run_for;
  if (workload.sizes.cpu) spec.cpu = workload.sizes.cpu->values;
  if (workload.sizes.memory) spec.memory = workload.sizes.memory->values;
  spec.pod = resolve_pod(name, workload.pod, scenario);
  if (!workload.rows) return spec;
  auto rows = read_rows(*workload.rows, problems);
  if (!rows) return std::nullopt;
  spec.rows = std::move(*rows);
  return spec;
}

}  // namespace casim::sim
