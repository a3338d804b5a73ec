#include "sim/metrics/run_info.h"

#include "src/core/version.h"

namespace casim::sim {
namespace {

// Of the form of summary.json: it changes when a value goes or changes its meaning.
constexpr int kSchemaVersion = 1;

}  // namespace

void list_identity(SummaryValues& out, const RunInfo& run) {
  out.add("schema_version", ValueType::integer(), kSchemaVersion, "version of this form");
  out.add("version", ValueType::text(), kResultsVersion,
          "of casim's results: it changes when the same scenario and seed give other numbers");
  out.add("scenario", ValueType::text(), run.scenario, "name of the scenario");
  out.add("description", ValueType::text(), run.description, "the question that it asks");
  out.add("seed", ValueType::integer(), run.seed, "behind everything that was drawn by chance");
  out.add("end_s", ValueType::seconds(), to_seconds(run.end), "virtual time that was simulated");
  out.add(
      "stopped_by", ValueType::text(), run.stopped_by,
      "end: of the scenario's duration; idle: nothing was left to do; stuck: pods waited for ever; "
      "interrupt; event limit; broken invariant; exception");
  out.add("partial", ValueType::flag(), run.partial,
          "the run was stopped before its end: numbers are of what came until then",
          Better::kLower);
  out.add("digest", ValueType::text(), run.digest,
          "fingerprint of everything that happened, 16 hexadecimal digits");
  out.add("facts", ValueType::count("facts"), run.facts, "things that happened");
}

void list_thresholds(SummaryValues& out, const RunInfo& run) {
  config::Value::List texts;
  config::Value::List measured;
  config::Value::List holds;
  config::Value::List broken_from;
  for (const JudgedThreshold& one : run.thresholds) {
    texts.emplace_back(one.threshold);
    measured.emplace_back(one.measured);
    holds.push_back(one.holds ? config::Value(*one.holds) : config::Value());
    broken_from.push_back(one.broken_from ? config::Value(to_seconds(*one.broken_from - kTimeZero))
                                          : config::Value());
  }
  out.add("thresholds[].threshold", ValueType::text(), std::move(texts),
          "what a value of this summary must be, as the scenario has it");
  out.add("thresholds[].measured", ValueType::text(), std::move(measured),
          "what it is, with its unit");
  out.add("thresholds[].holds", ValueType::flag().or_null(), std::move(holds),
          "null: the run was stopped before its end", Better::kHigher);
  out.add(
      "thresholds[].broken_from_s", ValueType::seconds().or_null(), std::move(broken_from),
      "from when on it never held again, of what had happened until then; null: it holds, or it "
      "is of a value of the whole run only");
}

void list_vcpus(SummaryValues& out, const RunInfo& run) {
  config::Value peak{config::Value::Object{}};
  config::Value limit{config::Value::Object{}};
  for (const auto& [quota, vcpus] : run.vcpus) {
    peak.set(quota, vcpus.peak);
    limit.set(quota, vcpus.limit);
  }
  out.add("ec2.vcpus.{quota}.peak", ValueType::count("vCPUs"), peak,
          "most vCPUs that counted against a quota of the account at one time, machines that end "
          "included",
          Better::kLower);
  out.add("ec2.vcpus.{quota}.limit", ValueType::count("vCPUs"), limit, "what the quota allows");
}

void list_rpc(SummaryValues& out, const RunInfo& run) {
  config::Value calls{config::Value::Object{}};
  config::Value wire{config::Value::Object{}};
  config::Value failed{config::Value::Object{}};
  for (const auto& [method, count] : run.rpc) {
    calls.set(method, count.wire + count.memo);
    wire.set(method, count.wire);
    failed.set(method, by_name(count.failed));
  }
  out.add("rpc.{method}.calls", ValueType::count("calls"), calls,
          "calls of the provider by the autoscaler");
  out.add(
      "rpc.{method}.wire", ValueType::count("calls"), wire,
      "those of them that went over gRPC; the others reused an answer that cannot have changed");
  out.add("rpc.{method}.failed.{code}", ValueType::count("calls"), failed,
          "calls of which the autoscaler heard an error, by gRPC code, whether the provider had "
          "acted or not; UNIMPLEMENTED is an answer like others",
          Better::kLower);
}

void list_notes(SummaryValues& out, const RunInfo& run) {
  out.add("notes[]", ValueType::text(), config::Value::List(run.notes.begin(), run.notes.end()),
          "mappings and assumptions that the numbers hang on");
}

}  // namespace casim::sim
