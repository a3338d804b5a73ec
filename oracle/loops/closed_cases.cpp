#include "oracle/loops/closed_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "oracle/loops/loop_cases.h"

namespace casim::oracle {

using Json = nlohmann::json;

namespace {

struct Range {
  double least;
  double greatest;
};

// Widened on both sides by 2 % or, if more, by 0.1 s or 1.
Range widened(const std::string& name, const Json& given) {
  const double floor = name.ends_with("_s") ? 0.1 : 1.0;
  const double least = given.at(0).get<double>();
  const double greatest = given.at(1).get<double>();
  return {least - std::max(floor, 0.02 * std::abs(least)),
          greatest + std::max(floor, 0.02 * std::abs(greatest))};
}

// The least value that at least this share of them does not exceed.
double nearest_rank(const std::vector<Duration>& sorted, double share) {
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  return to_seconds(sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
}

void add_waits(std::vector<Duration> waits, std::map<std::string, double>& figures) {
  figures["pods_bound"] = static_cast<double>(waits.size());
  if (waits.empty()) return;
  std::sort(waits.begin(), waits.end());
  figures["p50_s"] = nearest_rank(waits, 0.5);
  figures["p90_s"] = nearest_rank(waits, 0.9);
  figures["p99_s"] = nearest_rank(waits, 0.99);
  figures["max_s"] = to_seconds(waits.back());
  const Duration sum = std::accumulate(waits.begin(), waits.end(), Duration{});
  figures["mean_s"] = to_seconds(sum) / static_cast<double>(waits.size());
}

void add_calls(const std::vector<LoopRecord>& loops, std::map<std::string, double>& figures) {
  figures["increase_calls"] = 0;
  figures["delete_calls"] = 0;
  for (const LoopRecord& loop : loops) {
    for (const Mutation& mutation : loop.mutations) {
      if (mutation.rpc == "NodeGroupDeleteNodes") ++figures["delete_calls"];
      if (mutation.rpc != "NodeGroupIncreaseSize") continue;
      ++figures["increase_calls"];
      figures.try_emplace("first_increase_s", to_seconds(mutation.at - kTimeZero));
    }
  }
}

// By the names of `expect`. Times in seconds.
std::map<std::string, double> figures_of(const LoopRun& run) {
  std::map<std::string, double> figures;
  add_waits(run.waits, figures);
  add_calls(run.loops, figures);
  figures["loops"] = static_cast<double>(run.loops.size()) - 1;  // without loop 0
  figures["launched"] = run.launched;
  figures["evicted"] = run.final.at("evicted").get<double>();
  figures["pending_at_end"] = run.final.at("pending").get<double>();
  return figures;
}

class ClosedKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("given") || !one.contains("expect")) return false;
    const Json& given = one.at("given");
    return given.contains("flags") && given.contains("groups") && given.contains("scheduler");
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id").get<std::string>();
    result.family = result.id.substr(0, result.id.rfind('-'));
    const std::map<std::string, double> got = figures_of(run_little_world(one.at("given")));
    for (const auto& [name, given] : one.at("expect").items()) {
      const std::string difference = judge(name, given, got);
      if (difference.empty()) continue;
      result.difference += result.difference.empty() ? difference : "; " + difference;
    }
    result.passed = result.difference.empty();
    return result;
  }

  std::string explain(const Json& one) const override {
    const LoopRun run = run_little_world(one.at("given"));
    const std::map<std::string, double> got = figures_of(run);
    std::string text;
    for (const auto& [name, given] : one.at("expect").items()) {
      const bool is_inside = judge(name, given, got).empty();
      const auto figure = got.find(name);
      text += fmt::format("{:18} {} {} to {}, got {}\n", name, is_inside ? " " : "*",
                          given.at(0).dump(), given.at(1).dump(),
                          figure == got.end() ? "none" : fmt::format("{:.6g}", figure->second));
    }
    for (const LoopRecord& loop : run.loops) {
      for (const Mutation& mutation : loop.mutations) {
        text += fmt::format("loop {} {}\n", loop.loop, json_of(mutation).dump());
      }
    }
    return text;
  }

 private:
  static std::string judge(const std::string& name, const Json& given,
                           const std::map<std::string, double>& got) {
    const auto figure = got.find(name);
    if (figure == got.end()) {
      return fmt::format("{}: expected {} to {}, got none", name, given.at(0).dump(),
                         given.at(1).dump());
    }
    const Range range = widened(name, given);
    if (figure->second >= range.least && figure->second <= range.greatest) return {};
    return fmt::format("{}: expected {} to {}, got {:.6g}", name, given.at(0).dump(),
                       given.at(1).dump(), figure->second);
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_closed_kind() { return std::make_unique<ClosedKind>(); }

}  // namespace casim::oracle
