#include "sim/load/arrival_series.h"

#include <map>

#include "tests/load/load_world.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

ArrivalSpec steady(double per_second, double end) {
  ArrivalSpec spec;
  spec.name = "jobs";
  spec.is_poisson = false;
  spec.rate = constant_rate(per_second);
  spec.end = end;
  spec.run_for = Distribution::constant(30s);
  spec.pod.requests.cpu = MilliCpu(500);
  return spec;
}

std::vector<std::uint64_t> indexes(const ArrivalSeries& series) {
  std::vector<std::uint64_t> out;
  const auto stream = series.arrivals();
  while (const auto arriving = stream->next()) out.push_back(arriving->index);
  return out;
}

}  // namespace

TEST_CASE("each pod that arrives is a Job of its own", "[load]") {
  LoadWorld world;
  world.add(steady(0.5, 6));
  world.start();
  world.until(1min);
  CHECK(world.creations() == std::vector<Duration>{0s, 2s, 4s});
  CHECK(world.arrivals.are_over());
  CHECK(world.arrivals.unsized_arrived() == 3);
  CHECK(world.cluster.owners().size() == 3);
  CHECK(world.cluster.pod(PodId(0)).spec->owner == OwnerKind::kJob);
  CHECK(world.workloads.run_for(PodId(0)) == Duration(30s));
  for (std::uint32_t pod = 0; pod < 3; ++pod) {
    world.run(PodId(pod));
    CHECK(world.changes.empty());
    world.api.complete(PodId(pod));
    world.until(61s + pod * 1s);
  }
  world.until(70s);  // a Job's end is handled a second later
  CHECK(world.changes == LoadWorld::Changes{{63s, true}});
  CHECK(world.cluster.owners().empty());
}

TEST_CASE("a load that is not over is not done, though all its pods are", "[load]") {
  LoadWorld world;
  world.add(steady(0.1, 15));
  world.start();
  world.until(1s);
  world.run(PodId(0));
  world.api.complete(PodId(0));
  world.until(9s);
  CHECK(world.changes.empty());
}

TEST_CASE("bare pods have no owner, and nobody replaces them", "[load]") {
  LoadWorld world;
  ArrivalSpec spec = steady(1, 2);
  spec.as_jobs = false;
  world.add(std::move(spec));
  world.start();
  world.until(10s);
  CHECK(world.cluster.pod(PodId(0)).spec->owner == OwnerKind::kNone);
  CHECK(world.cluster.pod(PodId(0)).spec == world.cluster.pod(PodId(1)).spec);
  CHECK(world.cluster.owners().empty());
  world.run(PodId(0));
  world.run(PodId(1));
  world.api.complete(PodId(0));
  world.until(20s);
  CHECK(world.changes.empty());
  REQUIRE(world.api.delete_pod(PodId(1), PodEnd::kEvicted, 0s).has_value());
  world.api.finish_deletion(PodId(1));
  world.until(1h);
  CHECK(world.facts.made.size() == 2);
  CHECK(world.changes == LoadWorld::Changes{{20s, true}});
}

TEST_CASE("bare pods that stay are served while they run", "[load]") {
  LoadWorld world;
  ArrivalSpec spec = steady(1, 1);
  spec.as_jobs = false;
  spec.run_for = std::nullopt;
  world.add(std::move(spec));
  world.start();
  world.until(1s);
  CHECK_FALSE(world.workloads.run_for(PodId(0)).has_value());
  world.run(PodId(0));
  world.until(2s);
  CHECK(world.bare.running() == 1);
  CHECK(world.completion.is_done());
  REQUIRE(world.api.delete_pod(PodId(0), PodEnd::kEvicted, 0s).has_value());
  world.api.finish_deletion(PodId(0));
  world.until(3s);
  CHECK(world.bare.running() == 0);
}

TEST_CASE("a greater rate keeps the sizes and run times of the pods that were there", "[load]") {
  ArrivalSpec spec = steady(1, 1000);
  spec.is_poisson = true;
  spec.run_for = Distribution(Exponential{100});
  spec.cpu = Distribution::from_quantiles(500, 8000);
  const ArrivalSeries once(spec);
  spec.rate = scaled(spec.rate, 3);
  const ArrivalSeries more(spec);
  const std::vector<std::uint64_t> few = indexes(once);
  const std::vector<std::uint64_t> many = indexes(more);
  CHECK(many.size() > 2 * few.size());
  for (const std::uint64_t index : few) {
    REQUIRE(std::ranges::find(many, index) != many.end());
    CHECK(once.run_for(index) == more.run_for(index));
    CHECK(once.spec(index)->requests == more.spec(index)->requests);
  }
}

TEST_CASE("sizes are the nearest of four per doubling, and few", "[load]") {
  struct Row {
    double size;
    std::int64_t expected;
  };

  const auto row = GENERATE(values<Row>({{0.2, 1},
                                         {1, 1},
                                         {9.1, 10},
                                         {8.9, 8},
                                         {1000, 1024},
                                         {1200, 1280},
                                         {1100, 1024},
                                         {1e30, 1'000'000'000'000'000'000}}));
  CAPTURE(row.size);
  const Distribution narrow(Uniform{row.size, row.size});
  CHECK(draw_size(narrow, 0.5) == row.expected);
  // What somebody wrote is not rounded.
  if (row.size >= 1 && row.size < 1e18) {
    CHECK(draw_size(Distribution(Constant{1100}), 0.5) == 1100);
  }
}

TEST_CASE("rounding keeps the mean size", "[load]") {
  const Distribution sizes = Distribution::from_quantiles(1000, 16'000);
  const Random random(1);
  double exact = 0;
  double rounded = 0;
  std::map<std::int64_t, int> shapes;
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    const double u = random.uniform("size", 0, n);
    exact += sizes.quantile(u);
    rounded += static_cast<double>(draw_size(sizes, u));
    ++shapes[draw_size(sizes, u)];
  }
  CHECK(rounded == Approx(exact).epsilon(0.01));
  CHECK(shapes.size() < 60);  // of 13 doublings that are common enough
}

TEST_CASE("recorded pods are drawn as whole rows, each as likely", "[load]") {
  ArrivalSpec spec = steady(1, 3000);
  spec.rows = {{MilliCpu(100), Bytes(1), 10s},
               {MilliCpu(7777), Bytes(2), 20s},
               {std::nullopt, Bytes(3), std::nullopt}};
  const ArrivalSeries series(spec);
  std::map<std::int64_t, int> by_cpu;
  for (const std::uint64_t index : indexes(series)) {
    const PodSpecPtr pod = series.spec(index);
    const std::int64_t cpu = pod->requests.cpu.value();
    ++by_cpu[cpu];
    const std::int64_t memory = cpu == 100 ? 1 : cpu == 7777 ? 2 : 3;
    const Duration run_for = cpu == 100 ? 10s : cpu == 7777 ? 20s : 30s;
    REQUIRE(pod->requests.memory == Bytes(memory));
    REQUIRE(series.run_for(index) == run_for);
  }
  CHECK(by_cpu.size() == 3);
  CHECK(by_cpu[100] == Approx(1000).margin(105));  // four standard deviations
  CHECK(by_cpu[500] == Approx(1000).margin(105));
  CHECK(series.shapes() == 3);
}

// Who were told of all would need over 100 GB.
TEST_CASE("a controller with a limit is not told of two billion pods at once", "[load]") {
  for (const std::optional<Duration> run_for :
       {std::optional<Duration>(), std::optional<Duration>(1h)}) {
    LoadWorld world(20, 30);
    world.add(burst_of(2'000'000'000, 0s, 0s, run_for));
    world.start();
    world.until(10s);
    // All that the limit lets through but for the controller's Events, of which an object has some
    // 25, and its status.
    CHECK(world.facts.made.size() <= 30 + 20 * 10);
    CHECK(world.facts.made.size() >= 20 * 10);
    world.until(100s);
    CHECK(world.facts.made.size() <= 30 + 20 * 100);
    CHECK(world.facts.made.size() >= 20 * 100 - 30);
    CHECK_FALSE(world.arrivals.are_over());
  }
}
