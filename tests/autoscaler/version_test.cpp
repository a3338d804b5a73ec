// Where releases differ, unit by unit. Read in the sources of 1.34 to 1.36, not measured.
#include <iostream>
#include <map>
#include <string>

#include "sim/autoscaler/cluster/pod_list.h"
#include "sim/autoscaler/options/versions.h"
#include "sim/autoscaler/simulator/hinting.h"
#include "tests/autoscaler/support.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

PodPtr pod_of_priority(std::uint32_t id, std::int32_t priority) {
  auto spec = make_spec("w" + std::to_string(id), 600);
  spec->priority = priority;
  return make_pod(id, spec);
}

// Which of two pods gets the one place, when the second of them had it before: its index.
std::size_t winner(int version, const PodPtr& first, const PodPtr& hinted) {
  Snapshot snapshot;
  snapshot.add(make_info("n", 1000));
  const auto anywhere = [](Slot, const NodeInfo&) { return true; };
  HintingSimulator simulator(version);
  snapshot.fork();
  REQUIRE(simulator.place(snapshot, {hinted}, anywhere, false).size() == 1);
  snapshot.revert();
  const auto placed = simulator.place(snapshot, {first, hinted}, anywhere, false);
  REQUIRE(placed.size() == 1);
  return placed.front().pod;
}

}  // namespace

TEST_CASE("the table of releases says of each difference what, since when, and where",
          "[autoscaler]") {
  std::map<int, int> count;
  for (const VersionDifference& difference : version_differences()) {
    CAPTURE(difference.what);
    CHECK(difference.since > kOldestVersion);
    CHECK(difference.since <= kNewestVersion);
    CHECK(difference.what.find("before: ") != std::string_view::npos);
    CHECK(difference.source.find(".go") != std::string_view::npos);
    CHECK_FALSE(has(difference.behaviour, difference.since - 1));
    CHECK(has(difference.behaviour, difference.since));
    ++count[difference.since];
    std::cout << "1." << difference.since << ": " << difference.what << " [" << difference.source
              << "]\n";
  }
  CHECK(count == std::map<int, int>{{35, 3}, {36, 7}, {37, 2}});
}

TEST_CASE("a flag is known from the release on that brought it", "[autoscaler]") {
  for (const NewFlag& flag : new_flags()) {
    CAPTURE(flag.name);
    const auto before = parse_flags({{std::string(flag.name), "1"}}, flag.since - 1);
    REQUIRE_FALSE(before);
    CHECK(before.error().front().message == "came with version 1." + std::to_string(flag.since));
    const auto since = parse_flags({{std::string(flag.name), "1"}}, flag.since);
    if (!since) CHECK(since.error().front().message.find("version") == std::string::npos);
  }
}

TEST_CASE("since 1.37 a pod's hint comes before the other pods of its priority", "[autoscaler]") {
  const int version = GENERATE(34, 35, 36, 37);
  const PodPtr first = pod_of_priority(1, 0);
  const PodPtr hinted = pod_of_priority(2, 0);
  CHECK(winner(version, first, hinted) == (version < 37 ? 0u : 1u));
}

TEST_CASE("a pod of higher priority comes before another one's hint", "[autoscaler]") {
  const int version = GENERATE(34, 35, 36, 37);
  const PodPtr high = pod_of_priority(1, 100);
  const PodPtr hinted = pod_of_priority(2, 0);
  CHECK(winner(version, high, hinted) == 0u);
}

TEST_CASE("before 1.37 the first pod without a place ends all when it may", "[autoscaler]") {
  const int version = GENERATE(34, 35, 36, 37);
  Snapshot snapshot;
  snapshot.add(make_info("n", 1000));
  const auto anywhere = [](Slot, const NodeInfo&) { return true; };
  auto spec = make_spec("large", 2000);
  spec->priority = 100;
  const std::vector<PodPtr> pods = {make_pod(1, spec), pod_of_priority(2, 0)};
  HintingSimulator simulator(version);
  CHECK(simulator.place(snapshot, pods, anywhere, true).size() == (version < 37 ? 0 : 1));
}

TEST_CASE("since 1.36 a nominated pod counts as placed", "[autoscaler]") {
  ClusterView view;
  Pod pod = *make_pod(1, make_spec("w", 100));
  pod.nominated_node = "n";
  view.on_watch(PodChanged{pod});
  AutoscalerOptions options;
  for (options.version = 34; options.version <= 37; ++options.version) {
    CAPTURE(options.version);
    const PodBuckets buckets = bucket_pods(view, options);
    CHECK(buckets.nominated.size() == (options.version < 36 ? 0 : 1));
    CHECK(buckets.unschedulable.size() == (options.version < 36 ? 1 : 0));
  }
}

}  // namespace casim::sim
