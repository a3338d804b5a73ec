#include "sim/autoscaler/options.h"
#include "tests/catch.h"

namespace casim::sim {

TEST_CASE("flags of a real command line set the options", "[autoscaler]") {
  const auto parsed = parse_flags(
      split_arguments({"--scan-interval=30s", "--expander=most-pods,least-waste", "--force-ds",
                       "--scale-down-unneeded-time=1m30s", "--cores-total=2:100",
                       "--max-total-unready-percentage=33", "--startup-taint=a",
                       "--startup-taint=b", "--v=4", "--cloud-provider=externalgrpc"}));
  REQUIRE(parsed);
  const AutoscalerOptions& options = parsed->options;
  CHECK(options.scan_interval == std::chrono::seconds(30));
  CHECK(options.expanders == std::vector<std::string>{"most-pods", "least-waste"});
  CHECK(options.force_ds);
  CHECK(options.group_defaults.scale_down_unneeded_time == std::chrono::seconds(90));
  CHECK(options.cores_total.min == 2);
  CHECK(options.max_total_unready_percentage == 33);
  CHECK(options.startup_taints == std::vector<std::string>{"a", "b"});
  REQUIRE(parsed->warnings.size() == 1);
  CHECK(parsed->warnings.front() == "flag \"v\" has no effect here");
}

TEST_CASE("all wrong flags are named at once, unknown ones with the nearest name", "[autoscaler]") {
  const auto parsed = parse_flags({{"scan-intervall", "10s"},
                                   {"scan-interval", "10"},
                                   {"salvo-scale-up", "true"},
                                   {"expander", "cheapest"}});
  REQUIRE_FALSE(parsed);
  REQUIRE(parsed.error().size() == 4);
  CHECK(parsed.error()[0].message == "unknown flag; did you mean \"scan-interval\"?");
  CHECK(parsed.error()[2].message == "is known but not modelled, and would change decisions");
}

TEST_CASE("what is not modelled may be set to what it is anyway", "[autoscaler]") {
  CHECK(parse_flags({{"salvo-scale-up", "false"}, {"node-deletion-candidate-ttl", "0s"}}));
}

TEST_CASE("frequent loops came with 1.35", "[autoscaler]") {
  CHECK_FALSE(parse_flags({}, 34)->options.frequent_loops_enabled);
  CHECK(parse_flags({}, 35)->options.frequent_loops_enabled);
  CHECK(parse_flags({{"frequent-loops-enabled", ""}}, 34)->options.frequent_loops_enabled);
}

}  // namespace casim::sim
