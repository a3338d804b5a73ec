#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "sim/scenario/describe.h"

namespace casim::config {
namespace {

constexpr std::pair<std::string_view, double> kUnits[] = {
    {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}};

// Pods per second of "120/h"; else the reason why there are none.
Parsed<double> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::unexpected("it has no unit of time");
  const std::string_view number = text.substr(0, slash);
  double amount = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), amount);
  if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(amount)) {
    return std::unexpected(fmt::format("\"{}\" is no number", number));
  }
  if (amount < 0) return std::unexpected("it must not be negative");
  for (const auto& [name, seconds] : kUnits) {
    if (name != text.substr(slash + 1)) continue;
    // A million a second is far beyond any API server.
    if (amount / seconds > 1e6) return std::unexpected("it is above 1000000/s");
    return amount / seconds;
  }
  return std::unexpected(
      fmt::format("unknown unit \"{}\" (allowed: s m h d)", text.substr(slash + 1)));
}

}  // namespace

void Codec<sim::PodRate>::read(const Cursor& from, sim::PodRate& out, const Rules&) {
  constexpr std::string_view kExpected = "a rate such as \"2/s\" or \"120/h\"";
  const std::string* text = from.value().as_string();
  if (text == nullptr) return from.mismatch(kExpected);
  const auto rate = parse_rate(*text);
  if (!rate) return from.mismatch(kExpected, rate.error());
  out.per_second = *rate;
}

Value Codec<sim::PodRate>::write(const sim::PodRate& in, const Rules&, const WriteContext&) {
  return fmt::format("{}/s", in.per_second);
}

Value Codec<sim::PodRate>::schema(const sim::PodRate&, const Rules&, SchemaBuilder& builder) {
  Value definition(Value::Object{});
  definition.set("type", "string");
  definition.set("pattern", "^[0-9]+\\.?[0-9]*(?:[eE][-+]?[0-9]+)?/[smhd]$");
  definition.set("examples", Value::List{"2/s", "120/h"});
  return builder.reference("pod_rate", definition);
}

}  // namespace casim::config

namespace casim::sim {

using config::above;
using config::at_least;
using config::at_least_one;
using config::at_most;
using config::not_blank;

namespace {

void check_weights(config::Visitor& v, std::string_view member, const std::vector<double>& weights,
                   std::size_t count) {
  if (weights.empty()) return;
  double total = 0;
  for (const double weight : weights) total += weight;
  v.check(member, weights.size() == count,
          [&] { return fmt::format("needs {} numbers, has {}", count, weights.size()); });
  v.check(member, total > 0, "needs one number above 0");
}

}  // namespace

void describe(config::Visitor& v, ConstantRate& r) {
  v.required("rate", r.rate, "pods per second, minute, hour or day");
}

void describe(config::Visitor& v, RampRate& r) {
  v.required("from_rate", r.from, "rate up to `at`");
  v.required("to_rate", r.to, "rate from the end of the ramp on");
  v.field("at", r.at, "when the ramp begins", at_least(Duration{}));
  v.required("over", r.over, "how long it takes", above(Duration{}));
}

void describe(config::Visitor& v, BurstsRate& r) {
  v.required("size", r.size, "pods of each burst: on average, with process regular exactly",
             at_least(1));
  v.field("at", r.at, "when the first begins", at_least(Duration{}));
  v.required("every", r.every, "from one to the next", above(Duration{}));
  v.field("over", r.over, "how long a burst takes", above(Duration{}));
  v.field("jitter", r.jitter, "each begins up to so much later", at_least(Duration{}));
  v.check("every", r.jitter <= r.every && r.over <= r.every - r.jitter,
          "is shorter than over and jitter together");
}

void describe(config::Visitor& v, CycleRate& r) {
  v.required("peak", r.peak, "rate at the busiest time of a day");
  v.field("trough", r.trough, "share of it at the quietest, half a day away",
          config::probability());
  v.field("peak_at", r.peak_at, "time of day, UTC, of the peak", at_least(Duration{}),
          at_most(std::chrono::hours(24)));
  v.field("hours", r.hours,
          "shares of the peak at 00:00, 01:00, ..., UTC, straight between them; instead of a "
          "cosine by trough and peak_at",
          at_least(0.0));
  v.field("weekdays", r.weekdays, "factors from Monday to Sunday; absent: all days alike",
          at_least(0.0));
  check_weights(v, "hours", r.hours, 24);
  check_weights(v, "weekdays", r.weekdays, 7);
}

void describe(config::Visitor& v, MarkovState& s) {
  v.required("rate", s.rate, "rate in this state");
  v.required("mean", s.mean, "mean of the time in it, which is exponential, and 1s at least",
             above(Duration{}));
  v.field("next", s.next, "weights of all states to follow; absent: all others alike",
          at_least(0.0));
}

void describe(config::Visitor& v, MarkovRate& r) {
  v.required("states", r.states, "what the rate changes between; it begins in the first",
             at_least_one());
  v.check("states", r.states.size() >= 2, "needs at least two");
  for (const MarkovState& state : r.states) {
    check_weights(v, "states", state.next, r.states.size());
  }
}

void describe(config::Visitor& v, OnOffRate& r) {
  v.required("rate", r.rate, "rate while it is on; it begins so");
  v.required("on", r.on, "how long it is on, 1s at least");
  v.required("off", r.off, "how long it is off, 1s at least");
}

void describe(config::Visitor& v, RateTerm& t) {
  v.choice("kind", t.body, "form of the rate");
  v.field("from", t.from, "the rate is zero before; absent: from the start", at_least(Duration{}));
  v.field("to", t.to, "and from then on; absent: to the end", above(Duration{}));
  v.field("scale", t.scale, "times the rate", at_least(0.0), at_most(1e6));
  v.check("to", !t.to || t.from.value_or(Duration{}) < *t.to, "is not after from");
}

void describe(config::Visitor& v, CpuColumn& c) {
  v.required("column", c.column, "name of the column", not_blank());
  v.field("unit", c.unit, "what 1 in it means", above(MilliCpu()));
}

void describe(config::Visitor& v, MemoryColumn& c) {
  v.required("column", c.column, "name of the column", not_blank());
  v.field("unit", c.unit, "what 1 in it means", above(Bytes()));
}

void describe(config::Visitor& v, DurationColumn& c) {
  v.required("column", c.column, "name of the column", not_blank());
  v.field("unit", c.unit, "what 1 in it means", above(Duration{}));
}

void describe(config::Visitor& v, EmpiricalRows& r) {
  v.required("file", r.file, "CSV file; relative to the scenario's own folder", not_blank());
  v.field("cpu", r.cpu, "column of the request; absent: as without rows");
  v.field("memory", r.memory, "column of the request; absent: as without rows");
  v.field("run_for", r.run_for, "column of the run time; absent: as without rows");
  v.check("", r.cpu || r.memory || r.run_for, "names no column: cpu, memory or run_for");
}

void describe(config::Visitor& v, SizeDistributions& s) {
  v.field("cpu", s.cpu,
          "request of each pod, to the nearest of four sizes per doubling; absent: as pod says");
  v.field("memory", s.memory, "likewise, drawn by itself");
}

void describe(config::Visitor& v, ArrivalWorkload& a) {
  v.field("process", a.process, "poisson: by chance; regular: as evenly as the rate allows");
  v.field("as", a.as, "each pod is a Job of its own, or a bare pod, which nobody replaces");
  v.field("from", a.from, "no pod arrives before", at_least(Duration{}));
  v.field("to", a.to, "nor from then on; absent: to the end of the run", above(Duration{}));
  v.field("scale", a.scale, "times all rates; a greater one keeps the arrivals of a smaller one",
          at_least(0.0), at_most(1e6));
  v.required("rates", a.rates, "rates that add up", at_least_one());
  v.field("run_for", a.run_for, "run time of a pod from running; absent: a bare pod stays");
  v.field("sizes", a.sizes, "requests by distribution, instead of the pod's");
  v.field("rows", a.rows, "requests and run times of recorded pods, one row each, drawn alike");
  v.field("pod", a.pod, "the pods, in Kubernetes' own field names");
  v.check("to", !a.to || a.from < *a.to, "is not after from");
  v.check("run_for", a.as == ArrivesAs::kPod || a.run_for || (a.rows && a.rows->run_for),
          "missing; a Job ends");
}

}  // namespace casim::sim
