#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"
#include "oracle/workloads/workload_lists.h"
#include "oracle/workloads/workload_world.h"
#include "sim/workloads/hpa/hpa_controller.h"
#include "sim/workloads/replica_set_controller.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

constexpr int kRelease = 36;  // the cases are recordings of 1.36

// What holds at `t` of rows [from t, value].
double value_at(const Json& rows, double t) {
  double value = 0;
  for (const Json& row : rows) {
    if (row.at(0).get<double>() <= t) value = row.at(1);
  }
  return value;
}

HpaMetric metric_of(const Json& given) {
  check_keys(given, {"type", "target", "load", "per_pod"});

  struct Kind {
    const char* name;
    HpaMetric metric;
    double unit;
  };

  using Source = HpaMetric::Source;
  using Target = HpaMetric::Target;
  static const std::vector<Kind> kKinds = {
      {"cpu", {Source::kCpu, Target::kUtilization, 0}, 1},
      {"cpu_average", {Source::kCpu, Target::kAverageValue, 0}, 1},  // millicores
      {"pods", {Source::kPods, Target::kAverageValue, 0}, 1000},
      {"external", {Source::kExternal, Target::kValue, 0}, 1000},
      {"external_average", {Source::kExternal, Target::kAverageValue, 0}, 1000},
      {"object", {Source::kObject, Target::kValue, 0}, 1000},
      {"object_average", {Source::kObject, Target::kAverageValue, 0}, 1000}};
  for (const Kind& kind : kKinds) {
    if (given.at("type") != kind.name) continue;
    HpaMetric metric = kind.metric;
    metric.target = static_cast<std::int64_t>(given.at("target").get<double>() * kind.unit);
    return metric;
  }
  throw std::runtime_error("unknown metric " + given.at("type").dump());
}

void read_rules(const Json& given, HpaRules& rules) {
  check_keys(given, {"window_s", "select", "policies", "tolerance"});
  if (given.contains("window_s")) rules.window_s = given.at("window_s");
  if (given.contains("tolerance")) rules.tolerance = given.at("tolerance");
  const std::string select = given.value("select", "Max");
  if (select == "Min") rules.select = HpaSelect::kMin;
  if (select == "Disabled") rules.select = HpaSelect::kDisabled;
  if (!given.contains("policies")) return;
  rules.policies.clear();
  for (const Json& policy : given.at("policies")) {
    check_keys(policy, {"type", "value", "period_s"});
    rules.policies.push_back(
        {policy.at("type") == "Percent", policy.at("value"), policy.at("period_s")});
  }
}

HpaSpec hpa_spec_of(const Json& given) {
  check_keys(given,
             {"min", "max", "up", "down", "sample_age_s", "sample_window_s", "missing", "metrics"});
  HpaSpec spec;
  spec.min = given.at("min");
  spec.max = given.at("max");
  for (const Json& metric : given.at("metrics")) spec.metrics.push_back(metric_of(metric));
  if (given.contains("up") || given.contains("down")) spec.behavior.emplace();
  if (given.contains("up")) read_rules(given.at("up"), spec.behavior->up);
  if (given.contains("down")) read_rules(given.at("down"), spec.behavior->down);
  return spec;
}

// The metrics APIs of a case: what the loads of its HPA say of the pods there are.
class GivenMetrics final : public MetricsSource {
 public:
  GivenMetrics(WorkloadWorld& world, const Json& hpa, CountsAt& queries)
      : world_(world), hpa_(hpa), queries_(queries) {}

  std::optional<PodSamples> of_pods(std::size_t metric, const std::vector<PodId>& pods) override {
    const double load = load_of(metric);
    if (load < 0) return std::nullopt;
    const Json& given = hpa_.at("metrics").at(metric);
    const double unit = given.at("type") == "pods" ? 1000 : 1;
    const bool is_each = given.value("per_pod", false);
    std::int64_t ready = 0;
    std::vector<std::size_t> running;
    for (std::size_t i = 0; i < pods.size(); ++i) {
      const Pod& pod = world_.cluster().pod(pods[i]);
      if (!pod.running || pod.succeeded || pod.failed) continue;
      running.push_back(i);
      if (pod.ready_since) ++ready;
    }
    const double age = hpa_.value("sample_age_s", 0.0);
    PodSamples samples(pods.size());
    for (const std::size_t i : running) {
      PodSample sample;
      sample.taken = world_.kernel().wall(world_.now()) - from_seconds(age);
      sample.window = from_seconds(hpa_.value("sample_window_s", 15.0));
      const bool is_ready = world_.cluster().pod(pods[i]).ready_since.has_value();
      if (is_each) {
        sample.value = static_cast<std::int64_t>(load * unit);
      } else if (is_ready) {
        sample.value = static_cast<std::int64_t>(load * unit / static_cast<double>(ready));
      }
      samples[i] = sample;
    }
    hide_newest(samples, running);
    return samples;
  }

  std::optional<std::int64_t> value(std::size_t metric) override {
    const double load = load_of(metric);
    if (load < 0) return std::nullopt;
    return static_cast<std::int64_t>(load * 1000);
  }

 private:
  double load_of(std::size_t metric) {
    const double now = to_seconds(world_.now());
    ++queries_[now];
    return value_at(hpa_.at("metrics").at(metric).at("load"),
                    now - hpa_.value("sample_age_s", 0.0));
  }

  void hide_newest(PodSamples& samples, const std::vector<std::size_t>& running) const {
    if (!hpa_.contains("missing")) return;
    auto missing = static_cast<std::size_t>(value_at(hpa_.at("missing"), to_seconds(world_.now())));
    for (auto i = running.rbegin(); i != running.rend() && missing > 0; ++i, --missing) {
      samples[*i].reset();
    }
  }

  WorkloadWorld& world_;
  const Json& hpa_;
  CountsAt& queries_;
};

class ScaledSet final : public ScaleTarget {
 public:
  ScaledSet(WorkloadWorld& world, ReplicaSetController& sets, std::string uid, CountsAt& scales)
      : world_(world), sets_(sets), uid_(std::move(uid)), scales_(scales) {}

  HpaScale scale() const override {
    const ReplicaSetState& state = sets_.state(uid_);
    return {static_cast<std::int32_t>(state.replicas),
            static_cast<std::int32_t>(state.status.replicas)};
  }

  void set_replicas(std::int32_t replicas) override {
    scales_[to_seconds(world_.now())] = replicas;
    sets_.scale(uid_, static_cast<std::uint64_t>(replicas));
  }

 private:
  WorkloadWorld& world_;
  ReplicaSetController& sets_;
  std::string uid_;
  CountsAt& scales_;
};

// A ReplicaSet with an HPA, or `objects` of both.
struct HpaWorld {
  explicit HpaWorld(const Json& given)
      : world(given),
        sets(world.api(), world.client("replicaset-controller"), world),
        pods(world.api()),
        hpas(world.api(), pods, {world.client("horizontal-pod-autoscaler"), {}, {kRelease}}) {
    check_keys(given,
               {"created_at_s", "duration_s", "replicas", "objects", "pod", "events",
                "pod_by_number", "pod_from_number", "hpa", "qps", "burst", "write_latency_s"});
    world.informer().add(static_cast<WorkloadController&>(sets));
    world.informer().add(static_cast<Watcher&>(pods));
    spec = hpa_spec_of(given.at("hpa"));
    world.on("hpa_max", [this](const Json& event) { change(&HpaSpec::max, event); });
    world.on("hpa_min", [this](const Json& event) { change(&HpaSpec::min, event); });
    world.on("scale", [this](const Json& event) {
      sets.scale(uid(0), event.at("value").get<std::uint64_t>());
    });
    world.at_creation([this] {
      for (int i = 0; i < world.given().value("objects", 1); ++i) create(i);
    });
  }

  static std::string uid(int number) { return fmt::format("rs-{}", number); }

  void create(int number) {
    const WorkloadId workload(static_cast<std::uint32_t>(number));
    pods.watch(workload);
    ReplicaSet set;
    set.owner = WorkloadWorld::owner(OwnerKind::kReplicaSet, uid(number));
    set.pods = {world.spec(OwnerKind::kReplicaSet, uid(number), "1"), workload, 0};
    set.replicas = world.given().at("replicas");
    sets.create(std::move(set));
    targets.emplace_back(world, sets, uid(number), scales);
    metrics.emplace_back(world, world.given().at("hpa"), queries);
    numbers.push_back(hpas.create(
        {fmt::format("hpa-{}", number), spec, workload, &targets.back(), &metrics.back()}));
  }

  void change(std::int32_t HpaSpec::* what, const Json& event) {
    spec.*what = event.at("value");
    hpas.change(numbers.at(0), spec);
  }

  WorkloadWorld world;
  ReplicaSetController sets;
  HpaPods pods;
  HpaController hpas;
  HpaSpec spec;
  std::deque<ScaledSet> targets;
  std::deque<GivenMetrics> metrics;
  std::vector<HpaController::Number> numbers;
  CountsAt scales;
  CountsAt queries;
};

std::string run_hpa(const Json& given, const Json& expect) {
  HpaWorld of(given);
  of.world.run();
  Checks checks;
  checks["scales"] = [&](const Json& rows) { return compare_counts(rows, of.scales); };
  checks["created"] = [&](const Json& rows) {
    return compare_counts(rows, created(of.world.pods()));
  };
  checks["deleted"] = [&](const Json& rows) {
    return compare_counts(rows, deleted(of.world.pods()));
  };
  return check_all(expect, checks);
}

std::string run_hpa_rate(const Json& given, const Json& expect) {
  HpaWorld of(given);
  of.world.run();
  Checks checks;
  add_rate_checks(checks, of.world);
  checks["first_sync_t"] = [&](const Json& t) {
    const auto first = of.queries.begin();
    return compare_time(t, first == of.queries.end() ? std::nullopt : std::optional(first->first));
  };
  checks["syncs_by"] = [&](const Json& rows) { return compare_progress(rows, of.queries); };
  return check_all(expect, checks);
}

}  // namespace

std::vector<WorkloadFamily> hpa_families() {
  return {{"hpa", run_hpa}, {"rate-hpa", run_hpa_rate}};
}

}  // namespace casim::oracle
