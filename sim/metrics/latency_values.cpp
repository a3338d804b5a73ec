// The latencies as summary values: populations x stages x percentiles.
#include "sim/metrics/latency.h"

namespace casim::sim {
namespace {

// In the order of kStageNames.
constexpr std::array<std::string_view, kStageCount> kStageMeanings = {
    "pod created to the start of the first loop that knows of it",
    "to the start of the loop whose order made its node",
    "to the order durable at the provider",
    "to the machine accepted by EC2",
    "to the machine running",
    "to the node registered",
    "to the node Ready and without the not-ready taint",
    "to the last instant at which that node had too little room: other pods were in the way",
    "to the pod bound",
    "to the pod running",
};

// In the order of kPlainStageNames.
constexpr std::array<std::string_view, kPlainStageCount> kPlainStageMeanings = {
    "pod created to marked unschedulable, or else to bound",
    "marked unschedulable to bound",
    "bound to running",
};

void list_quantiles(SummaryValues& out, const std::string& path, const std::string& of,
                    const Quantiles& q) {
  const ValueType seconds = ValueType::seconds().or_null();
  const auto add = [&](const char* name, const config::Value& value, const std::string& meaning) {
    out.add(path + "." + name, seconds, value, meaning + ": " + of, Better::kLower);
  };
  out.add(path + ".count", ValueType::count("pods"), q.count,
          "pods behind the percentiles, unserved ones included: " + of);
  add("p50", seconds_or_null(q.p50),
      "50th percentile, null where nobody has it or a pod that never ran");
  add("p90", seconds_or_null(q.p90), "90th percentile, null likewise");
  add("p99", seconds_or_null(q.p99), "99th percentile, null likewise");
  add("max", seconds_or_null(q.max), "longest, null likewise");
  add("mean", q.mean_s ? config::Value(*q.mean_s) : config::Value(),
      "mean of those that ran, null without any");
}

template <int N>
config::Value shares_by_stage(const std::optional<std::array<double, N>>& shares,
                              const std::array<std::string_view, N>& names) {
  if (!shares) return {};
  config::Value out;
  for (std::size_t i = 0; i < N; ++i) out.set(names[i], (*shares)[i]);
  return out;
}

template <int N>
void list_staged(SummaryValues& out, const std::string& path, const std::string& of,
                 const StagedLatency<N>& latency, const std::array<std::string_view, N>& names,
                 const std::array<std::string_view, N>& meanings) {
  list_quantiles(out, path + ".total", of, latency.total);
  for (std::size_t i = 0; i < N; ++i) {
    list_quantiles(out, path + ".stages." + std::string(names[i]), std::string(meanings[i]),
                   latency.stages[i]);
  }
  out.add(path + ".tail.{stage}", ValueType::share().or_null(),
          shares_by_stage<N>(latency.tail, names),
          "mean share of each stage over the pods at or above the 99th percentile; null without "
          "such pods");
}

// Means, so that the three add up to the mean of the stage.
void list_split(SummaryValues& out, const std::string& stage, const OrderSplit& split,
                std::int64_t pods) {
  const auto add = [&](const char* name, Duration sum, const char* meaning) {
    out.add("scale_up_latency." + stage + "." + name, ValueType::seconds().or_null(),
            pods > 0 ? config::Value(to_seconds(sum) / static_cast<double>(pods)) : config::Value(),
            "mean of the " + stage + " stage in which " + meaning, Better::kLower);
  };
  add("failed", split.failed, "an order that counted the pod was open, and a machine of it failed");
  add("displaced", split.displaced,
      "an order that counted the pod was open and came whole: other pods took the place");
  add("blocked", split.blocked,
      "no order that counted the pod was open: backoff, a group's maximum, a broken loop");
}

}  // namespace

void list_values(SummaryValues& out, const LatencySummary& latency) {
  list_quantiles(out, "pod_latency", "created to running, of all pods that ran",
                 latency.pod_latency);
  list_staged<kPlainStageCount>(
      out, "existing_node_latency",
      "created to running, of pods that ran on a node which was there before them",
      latency.existing_node, kPlainStageNames, kPlainStageMeanings);
  list_staged<kStageCount>(
      out, "scale_up_latency",
      "created to running, of pods that ran on a node which became schedulable after them",
      latency.scale_up, kStageNames, kStageMeanings);
  const std::int64_t ran = latency.scale_up.total.count - latency.unserved;
  list_split(out, "retry", latency.retry, ran);
  list_split(out, "room", latency.room, ran);
}

}  // namespace casim::sim
