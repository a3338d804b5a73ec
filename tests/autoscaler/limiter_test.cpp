#include "sim/autoscaler/scaleup/limiter.h"

#include <climits>

#include "tests/catch.h"

namespace casim::sim {

TEST_CASE("thresholds combine to the least positive limit, and any negative one forbids",
          "[autoscaler]") {
  struct Row {
    const char* name;
    std::vector<Threshold> thresholds;
    int nodes;
  };

  const auto row = GENERATE(values<Row>({
      {"none", {}, 0},
      {"zero is no limit", {{0, {}}, {7, {}}}, 7},
      {"least", {{9, {}}, {7, {}}, {8, {}}}, 7},
      {"negative wins", {{9, {}}, {-1, {}}, {0, {}}}, -1},
  }));
  CAPTURE(row.name);
  CHECK(combined(row.thresholds).nodes == row.nodes);
}

TEST_CASE("a group without room or a full cluster forbids new nodes", "[autoscaler]") {
  CHECK(capacity_threshold({{.max_size = 5, .target = 5}}).nodes == -1);
  CHECK(capacity_threshold({{.max_size = 5, .target = 2}}).nodes == 3);
  CHECK(capacity_threshold({{.max_size = 5, .target = 9}, {.max_size = 4, .target = 2}}).nodes ==
        2);
  CHECK(capacity_threshold({{.max_size = INT_MAX, .target = 2}, {.max_size = INT_MAX, .target = 0}})
            .nodes == INT_MAX);
  CHECK(cluster_threshold(0, 50).nodes == 0);
  CHECK(cluster_threshold(10, 10).nodes == -1);
  CHECK(cluster_threshold(10, 7).nodes == 3);
}

TEST_CASE("each permission counts a node, and time runs out", "[autoscaler]") {
  EstimationLimiter limiter(Threshold{2, std::chrono::seconds(10)});
  CHECK(limiter.permit(Duration{}));
  CHECK_FALSE(limiter.permit(std::chrono::seconds(11)));
  CHECK(limiter.permit(std::chrono::seconds(10)));
  CHECK_FALSE(limiter.permit(Duration{}));
  CHECK(limiter.granted() == 2);
}

}  // namespace casim::sim
