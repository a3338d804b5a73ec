// The sum of the phases from RunInstances to a Ready node, as the defaults have them, against the
// figures of ec2.md 5.2 (sum check), for each image that is given there.
#include <algorithm>
#include <string>
#include <vector>

#include "sim/ec2/config.h"
#include "sim/kubelet/node_life.h"
#include "src/core/random.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;

namespace {

constexpr std::size_t kSamples = 100'000;

// Seconds, sorted.
std::vector<double> ready_times(const std::string& image) {
  const Ec2Config ec2;
  const NodeLifeConfig node;
  const Distribution boot = boot_of_image(image).value();
  const Random random(1);
  std::vector<double> times;
  for (std::uint64_t n = 0; n < kSamples; ++n) {
    const auto draw = [&](const Distribution& phase, const char* purpose) {
      return to_seconds(phase.duration(random.uniform(purpose, 0, n)));
    };
    times.push_back(draw(ec2.latency.run_instances_ok, "ok") +
                    to_seconds(ec2.latency.run_per_instance) +
                    draw(ec2.pending_to_running, "pending") + draw(boot, "boot") +
                    draw(node.register_after, "register") + draw(node.ready_after, "ready"));
  }
  std::ranges::sort(times);
  return times;
}

double percentile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size()))];
}

}  // namespace

TEST_CASE("a node is Ready after the times of the sum check", "[ec2]") {
  struct Row {
    const char* image;
    double p50;  // given with one decimal
    double p95;  // given in whole seconds
  };

  const auto row = GENERATE(
      values<Row>({{"bottlerocket", 30.6, 49}, {"al2_tuned", 32.8, 51}, {"al2023", 43.1, 64}}));
  CAPTURE(row.image);
  const std::vector<double> times = ready_times(row.image);
  CHECK(percentile(times, 0.50) == Approx(row.p50).margin(0.15));
  CHECK(percentile(times, 0.95) == Approx(row.p95).margin(0.8));
  if (std::string(row.image) == "al2023") CHECK(percentile(times, 0.99) == Approx(79).margin(1.5));
}

TEST_CASE("each image boots with its own p50 and p95", "[ec2]") {
  struct Row {
    const char* image;
    double p50;
    double p95;
  };

  const auto row = GENERATE(values<Row>({{"bottlerocket", 12, 18},
                                         {"al2_tuned", 14, 21},
                                         {"al2023", 24, 36},
                                         {"al2_untuned", 30, 49},
                                         {"custom_slow", 60, 137},
                                         {"hardened", 300, 491},
                                         {"windows", 180, 348}}));
  CAPTURE(row.image);
  const Distribution boot = boot_of_image(row.image).value();
  CHECK(boot.quantile(0.50) == Approx(row.p50));
  CHECK(boot.quantile(0.95) == Approx(row.p95).margin(0.6));
}
