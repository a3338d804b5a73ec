// Pairs of made-up summaries that differ by what a test says.
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/collectors.h"
#include "sim/study/gate.h"
#include "sim/study/paired_comparison.h"
#include "src/core/random.h"
#include "tests/catch.h"

namespace casim::sim {

using config::Value;

// The summary of a run of nobody, under a seed, with a cost and a percentile.
inline Value summary_of(std::uint64_t seed, double usd, const Value& p99) {
  RunInfo run;
  run.scenario = "s";
  run.seed = seed;
  run.digest = "a";
  Summary summary;
  static_cast<RunInfo&>(summary) = std::move(run);
  Value out = values_of(summary).tree();
  Value* total = out.find("scale_up_latency")->find("total");
  total->set("count", 5);
  total->set("p99", p99);
  out.find("cost")->set("usd", usd);
  return out;
}

// Of one run; the draw is of its seed, as runs of one seed share their luck.
inline double luck(std::uint64_t seed, std::uint64_t n) {
  return Random(3).uniform("test", seed, n);
}

struct PairedSets {
  std::vector<Value> base;
  std::vector<Value> now;

  Comparison compared() const {
    std::vector<SummaryPair> pairs;
    for (std::size_t i = 0; i < base.size(); ++i) pairs.emplace_back(&base[i], &now[i]);
    auto comparison = compare_replicated("s", pairs, false);
    REQUIRE(comparison);
    return *std::move(comparison);
  }
};

// Costs of about 100 USD that differ by seed, and by `change` with the noise of one USD.
inline PairedSets with_change(double change, std::uint64_t noise) {
  PairedSets out;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const double usd = 80 + 40 * luck(seed, 0);
    out.base.push_back(summary_of(seed, usd, 50));
    out.now.push_back(summary_of(seed, usd + change + luck(seed, noise) - 0.5, 50));
  }
  return out;
}

inline std::vector<std::string> worse(const Comparison& comparison) {
  std::vector<std::string> out;
  for (const ChangedValue* value : failures(comparison, nullptr)) out.push_back(value->path);
  return out;
}

}  // namespace casim::sim
