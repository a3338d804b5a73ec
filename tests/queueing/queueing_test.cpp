// A cluster without autoscaling is a queue: nodes of a fixed number of places are its servers, pods
// its customers, the scheduler who calls them. With all latencies at zero the mean wait must be
// what queueing theory says.
//
//   M/M/c: Erlang's C formula. M/G/1: Pollaczek and Khinchine. Both exact.
//   M/G/c: the approximation of Lee and Longton (1959), (1 + s) / 2 times the wait of M/M/c with s
//          the squared coefficient of variation; exact for c = 1 and for s = 1, and within some
//          percent here (Kimura 1994 compares it with others).
//
// Confidence intervals are those of batch means: 20 batches, 99 % (Student's t, 2.861).
#include <cmath>
#include <numeric>
#include <vector>

#include "sim/scenario/load_plan.h"
#include "sim/world/world.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

constexpr double kServers = 4;
constexpr double kMeanService = 100;  // seconds

// `places` pods fit at once, and nothing else takes time.
Scenario queue(int places, double load, const Distribution& service, int pods) {
  Scenario s;
  s.description = "queue";
  s.start = WallTime(std::chrono::seconds(1'767'600'000));
  NodeGroupConfig group;
  group.name = "none";
  group.max = 0;
  group.instance_types = {"m6i.large"};
  s.node_groups = {group};
  s.static_nodes = {{.name = "server", .instance_type = "m6i.2xlarge", .labels = {}, .taints = {}}};
  s.nodes.kube_reserved = KubeReserved::kNone;
  s.nodes.pod_start = Distribution();
  s.scheduler.watch_delay = {};
  s.scheduler.api = {0, 0};
  s.scheduler.pod_initial_backoff = {};
  s.controllers.api = {0, 0};
  s.api_server.write_latency = Distribution();
  s.autoscaler.flags["scan-interval"] = config::Value("24h");
  ArrivalWorkload workload;
  workload.as = ArrivesAs::kPod;
  const double rate = load * places / kMeanService;
  workload.rates = {{.from = {}, .to = {}, .scale = 1, .body = ConstantRate{{rate}}}};
  workload.run_for = service;
  // An 8-core node holds so many of them.
  workload.pod.resources.requests.cpu = MilliCpu(8000 / places);
  s.duration = from_seconds(pods / rate);
  s.workloads = {{"customers", workload}};
  return s;
}

struct Estimate {
  double mean = 0;
  double half_width = 0;
  std::size_t waits = 0;

  bool holds(double expected) const { return std::abs(expected - mean) <= half_width; }
};

Estimate batch_means(const std::vector<double>& waits) {
  constexpr std::size_t kBatches = 20;
  const std::size_t size = waits.size() / kBatches;
  std::vector<double> means;
  for (std::size_t b = 0; b < kBatches; ++b) {
    const auto begin = waits.begin() + static_cast<std::ptrdiff_t>(b * size);
    means.push_back(std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(size), 0.0) /
                    static_cast<double>(size));
  }
  Estimate out;
  out.waits = waits.size();
  out.mean = std::accumulate(means.begin(), means.end(), 0.0) / kBatches;
  double squares = 0;
  for (const double mean : means) squares += (mean - out.mean) * (mean - out.mean);
  out.half_width = 2.861 * std::sqrt(squares / (kBatches - 1) / kBatches);
  return out;
}

// From created to bound, in order of arrival; the first tenth, when the queue fills, is left out.
Estimate mean_wait(const Scenario& scenario) {
  config::Problems problems;
  const LoadedScenario loaded{"queue", scenario, config::Document(config::Value())};
  World world(scenario, make_load_plan(loaded, problems), {.check_invariants = false}, nullptr);
  while (!world.is_over()) world.run(1'000'000);
  std::vector<double> waits;
  const std::vector<PodRecord>& pods = world.collectors().pods().pods();
  for (std::size_t i = pods.size() / 10; i < pods.size(); ++i) {
    if (pods[i].is_bound()) waits.push_back(to_seconds(pods[i].bound - pods[i].created));
  }
  world.shut_down();
  return batch_means(waits);
}

// Mean wait of M/M/c: C(c, a) / (c mu - lambda), by Erlang's B in its recursive form.
double erlang_wait(double servers, double load) {
  const double offered = servers * load;
  double blocked = 1;
  for (double n = 1; n <= servers; ++n) blocked = offered * blocked / (n + offered * blocked);
  const double waits = blocked / (1 - load * (1 - blocked));
  return waits * kMeanService / (servers * (1 - load));
}

double pollaczek_khinchine(double load, double squared_variation) {
  return load / (1 - load) * (1 + squared_variation) / 2 * kMeanService;
}

// Of mean 100 s.
const Distribution kExponential(Exponential{kMeanService});
const Distribution kFixed(Constant{kMeanService});
// Its squared coefficient of variation is exp(sigma^2) - 1 = 2.
const Distribution kLogNormal(LogNormal{kMeanService / std::sqrt(3), std::sqrt(std::log(3)), 0});

void check(const Estimate& estimate, double expected, double wrong, double widest) {
  CAPTURE(estimate.waits);
  CAPTURE(estimate.mean);
  CAPTURE(estimate.half_width);
  CAPTURE(expected);
  CHECK(estimate.holds(expected));
  // Not because nothing would be excluded.
  CHECK_FALSE(estimate.holds(wrong));
  CHECK(estimate.half_width < widest * expected);
}

}  // namespace

TEST_CASE("the mean wait of exponential pods is Erlang's", "[queueing]") {
  struct Row {
    double load;
    int pods;
    double widest;  // waits at a high load are long correlated
    double other_load;
  };

  const auto row = GENERATE(values<Row>(
      {{0.5, 60'000, 0.2, 0.55}, {0.8, 100'000, 0.2, 0.75}, {0.95, 250'000, 0.4, 0.9}}));
  CAPTURE(row.load);
  const Estimate estimate = mean_wait(queue(4, row.load, kExponential, row.pods));
  check(estimate, erlang_wait(kServers, row.load), erlang_wait(kServers, row.other_load),
        row.widest);
}

TEST_CASE("the mean wait at one server is Pollaczek's and Khinchine's", "[queueing]") {
  struct Row {
    const char* name;
    Distribution service;
    double squared_variation;
    double wrong;
  };

  const auto row = GENERATE(values<Row>({{"fixed", kFixed, 0, 1},
                                         {"exponential", kExponential, 1, 0},
                                         {"log-normal", kLogNormal, 2, 1}}));
  CAPTURE(row.name);
  const double load = 0.7;
  const Estimate estimate = mean_wait(queue(1, load, row.service, 80'000));
  check(estimate, pollaczek_khinchine(load, row.squared_variation),
        pollaczek_khinchine(load, row.wrong), 0.3);
}

TEST_CASE("the mean wait of other pods at several servers is near Lee's and Longton's",
          "[queueing]") {
  struct Row {
    const char* name;
    Distribution service;
    double squared_variation;
  };

  const auto row = GENERATE(values<Row>({{"fixed", kFixed, 0}, {"log-normal", kLogNormal, 2}}));
  CAPTURE(row.name);
  const double load = 0.8;
  const Estimate estimate = mean_wait(queue(4, load, row.service, 120'000));
  const double expected = (1 + row.squared_variation) / 2 * erlang_wait(kServers, load);
  CAPTURE(estimate.mean);
  CAPTURE(estimate.half_width);
  // The approximation itself is off by some percent.
  CHECK(std::abs(estimate.mean - expected) < estimate.half_width + 0.1 * expected);
  CHECK_FALSE(estimate.holds(erlang_wait(kServers, load)));
}

}  // namespace casim::sim
