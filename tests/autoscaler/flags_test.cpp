#include "sim/autoscaler/options/options.h"
#include "tests/catch.h"

namespace casim::sim {

TEST_CASE("flags of a real command line set the options", "[autoscaler]") {
  const auto parsed = parse_flags({{"scan-interval", "30s"},
                                   {"expander", "most-pods,least-waste"},
                                   {"force-ds", ""},
                                   {"scale-down-unneeded-time", "1m30s"},
                                   {"cores-total", "2:100"},
                                   {"max-total-unready-percentage", "33"},
                                   {"startup-taint", "a"},
                                   {"startup-taint", "b"},
                                   {"v", "4"},
                                   {"cloud-provider", "externalgrpc"}});
  REQUIRE(parsed);
  const AutoscalerOptions& options = parsed->options;
  CHECK(options.scan_interval == std::chrono::seconds(30));
  CHECK(options.expanders == std::vector<std::string>{"most-pods", "least-waste"});
  CHECK(options.force_ds);
  CHECK(options.group_defaults.scale_down_unneeded_time == std::chrono::seconds(90));
  CHECK(options.resource_limits.at("cpu").min == 2);
  CHECK(options.max_total_unready_percentage == 33);
  CHECK(options.startup_taints == std::vector<std::string>{"a", "b"});
  REQUIRE(parsed->warnings.size() == 1);
  CHECK(parsed->warnings.front() == "flag \"v\" has no effect here");
}

TEST_CASE("all wrong flags are named at once, unknown ones with the nearest name", "[autoscaler]") {
  const auto parsed = parse_flags({{"scan-intervall", "10s"},
                                   {"scan-interval", "10"},
                                   {"fastpath-binpacking-enabled", "true"},
                                   {"expander", "cheapest"}});
  REQUIRE_FALSE(parsed);
  REQUIRE(parsed.error().size() == 4);
  CHECK(parsed.error()[0].message == "unknown flag; did you mean \"scan-interval\"?");
  CHECK(parsed.error()[2].message == "only false is modelled: nodes are counted by packing them");
  CHECK(parsed.error()[3].message == "unknown expander \"cheapest\"");
}

TEST_CASE("a flag that a release removed is said to be removed", "[flags]") {
  for (const RemovedFlag& flag : removed_flags()) {
    CAPTURE(flag.name);
    const auto parsed = parse_flags({{std::string(flag.name), "1"}}, kNewestVersion);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error()[0].message.starts_with("was removed in 1." + std::to_string(flag.gone)));
    CHECK(flag.gone < kOldestVersion);
  }
  const auto parsed = parse_flags({{"max-empty-bulk-delete", "10"}}, 34);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error()[0].message == "was removed in 1.33; --max-scale-down-parallelism limits it");
}

TEST_CASE("a value without meaning is refused, with what is allowed", "[autoscaler]") {
  struct Case {
    const char* flag;
    const char* value;
    const char* message;
  };

  constexpr Case kCases[] = {
      {"predicate-parallelism", "0", "must be at least 1, found 0"},
      {"predicate-parallelism", "-4", "must be at least 1, found -4"},
      {"predicate-parallelism", "few", "expected a number"},
      {"kube-client-burst", "-5", "must be at least 0, found -5"},
      {"kube-client-qps", "nan", "must be finite, found nan"},
      {"max-total-unready-percentage", "inf", "must be finite, found inf"},
      {"max-scale-down-parallelism", "-3", "must be at least 0, found -3"},
      {"scale-down-unneeded-time", "-1s", "must be at least 0s, found -1s"},
      {"node-delete-delay-after-taint", "-5s", "must be at least 0s, found -5s"},
      {"leader-elect-retry-period", "0s", "must be above 0s, found 0s"},
      {"leader-elect-renew-deadline", "2400ms",
       "must be above 1.2 times --leader-elect-retry-period (2s), found 2.4s"},
      {"leader-elect-lease-duration", "10s",
       "must be above --leader-elect-renew-deadline (10s), found 10s"}};
  for (const Case& c : kCases) {
    CAPTURE(c.flag);
    const auto parsed = parse_flags({{c.flag, c.value}});
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().front().message == c.message);
  }
}

TEST_CASE("below 0 is taken where upstream gives it a meaning", "[autoscaler]") {
  CHECK(parse_flags({{"max-nodegroup-binpacking-duration", "-1s"},  // no node may be added
                     {"max-nodes-per-scaleup", "-1"},               // likewise
                     {"kube-client-qps", "-1"},                     // no limit
                     {"max-nodes-total", "-1"},                     // no limit
                     {"max-inactivity", "-1s"},                     // never healthy
                     {"scan-interval", "-1s"},                      // no pause between loops
                     {"max-graceful-termination-sec", "-1"},
                     {"expendable-pods-priority-cutoff", "-100"}}));
}

TEST_CASE("schedulers that are bypassed must be among those that are allowed, if some are",
          "[autoscaler]") {
  struct Case {
    const char* bypassed;
    const char* allowed;
    std::vector<std::string> messages;
  };

  const std::string message = "must be one of --allowed-scheduler-names (a, b), found ";
  const Case cases[] = {{"a", "a,b", {}},
                        {"", "a,b", {}},
                        {"c", "", {}},  // all are allowed
                        {"c", "a,b", {message + "c"}},
                        {"c,a,d", "a,b", {message + "c", message + "d"}}};
  for (const Case& c : cases) {
    CAPTURE(c.bypassed, c.allowed);
    const auto parsed = parse_flags(
        {{"bypassed-scheduler-names", c.bypassed}, {"allowed-scheduler-names", c.allowed}});
    std::vector<std::string> messages;
    for (const FlagProblem& problem : parsed ? std::vector<FlagProblem>() : parsed.error()) {
      CHECK(problem.flag == "bypassed-scheduler-names");
      messages.push_back(problem.message);
    }
    CHECK(messages == c.messages);
  }
}

TEST_CASE("flags that nothing reads are warned of", "[autoscaler]") {
  CHECK(parse_flags({{"force-delete-failed-nodes", "true"}})->warnings.size() == 1);
  CHECK(parse_flags({{"namespace", "autoscaling"}})->warnings.size() == 1);
  CHECK(parse_flags({{"predicate-parallelism", "1"}})->warnings.size() == 1);
}

TEST_CASE("what is not modelled may be set to what it is anyway", "[autoscaler]") {
  CHECK(parse_flags({{"fastpath-binpacking-enabled", "F"},
                     {"node-deletion-candidate-ttl", "0"},
                     {"enable-dynamic-resource-allocation", "1"},
                     {"estimator", "binpacking"}}));
}

TEST_CASE("values that upstream splits, and values that it keeps whole", "[autoscaler]") {
  const auto parsed = parse_flags({{"startup-taint", "a,b"}, {"bypassed-scheduler-names", "a,b"}});
  CHECK(parsed->options.startup_taints == std::vector<std::string>{"a,b"});
  CHECK(parsed->options.bypassed_scheduler_names == std::vector<std::string>{"a", "b"});
}

TEST_CASE("an underscore is a dash", "[autoscaler]") {
  CHECK(parse_flags({{"scan_interval", "1m"}})->options.scan_interval == std::chrono::minutes(1));
}

// Versions: read in each release's sources, not measured.
TEST_CASE("a flag is an error before the release that brought it", "[autoscaler]") {
  struct Case {
    const char* flag;
    const char* value;
    int since;
  };

  constexpr Case kCases[] = {{"max-node-startup-time", "5m", 35},
                             {"allowed-scheduler-names", "a", 35},
                             {"salvo-scale-up", "true", 36},
                             {"max-startup-time", "5m", 36},
                             {"startup-taint-prefix", "a", 36}};
  for (const Case& c : kCases) {
    CAPTURE(c.flag);
    for (int version = 34; version <= 37; ++version) {
      CHECK(parse_flags({{c.flag, c.value}}, version).has_value() == (version >= c.since));
    }
  }
}

TEST_CASE("dynamic resource allocation is off by default before 1.35, and locked on since",
          "[autoscaler]") {
  const Flags off = {{"enable-dynamic-resource-allocation", "false"}};
  CHECK(parse_flags(off, 34));
  CHECK_FALSE(parse_flags(off, 35));
}

TEST_CASE("balancing flags that do not reach the provider any more are warned of", "[autoscaler]") {
  const Flags flags = {{"balancing-ignore-label", "a"}};
  CHECK(parse_flags(flags, 36)->warnings.empty());
  CHECK(parse_flags(flags, 37)->warnings.size() == 1);
}

TEST_CASE("the time until the first success is at least that of the other two limits",
          "[autoscaler]") {
  const auto parsed = parse_flags({{"max-failing-time", "1h"}});
  CHECK(parsed->options.max_startup_time == std::chrono::hours(1));
  CHECK(parse_flags({}, 35)->options.max_startup_time == Duration{});
}

TEST_CASE("frequent loops came with 1.35", "[autoscaler]") {
  CHECK_FALSE(parse_flags({}, 34)->options.frequent_loops_enabled);
  CHECK(parse_flags({}, 35)->options.frequent_loops_enabled);
  CHECK(parse_flags({{"frequent-loops-enabled", ""}}, 34)->options.frequent_loops_enabled);
}

}  // namespace casim::sim
