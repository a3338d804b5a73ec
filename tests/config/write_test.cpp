// The resolved configuration: what is written is read back to the same.
#include "tests/catch.h"
#include "tests/config/sample.h"

namespace casim::sample {
namespace {

using namespace std::chrono_literals;

Settings full() {
  Settings s;
  s.seed = 18446744073709551615U;
  s.start = WallTime(1767571200s + 5ns);
  s.duration = 90s;
  s.warmup = std::nullopt;
  s.share = 0.1;
  s.verbose = true;
  s.cpu = MilliCpu(1500);
  s.memory = Bytes(1000);
  s.boot = Distribution(LogNormal{1.5, 0.3517, 2.25});
  s.groups = {{"a", 1, 2, {Color::kGreen}, {{"x/y", "z"}}}};
  Resources requests;
  requests.cpu = MilliCpu(500);
  requests.ephemeral_storage = Bytes(std::int64_t{1} << 30);
  requests.pods = 1;
  requests.extended["nvidia.com/gpu"] = 2;
  s.workloads = {{"w", Job{3, 2min}, requests, "/data/t.csv"},
                 {"d", Deployment{4}, {}, std::nullopt}};
  s.extra = config::Value::List{1, "two"};
  return s;
}

TEST_CASE("what is written is read back to the same", "[config]") {
  const Settings before = full();
  const std::string text = config::to_json(config::write(before));
  Settings after;
  CHECK(problems_of(text, after).empty());
  CHECK(after.seed == before.seed);
  CHECK(after.start == before.start);
  CHECK(after.warmup == before.warmup);
  CHECK(after.share == before.share);
  CHECK(after.groups == before.groups);
  CHECK(after.workloads == before.workloads);
  CHECK(after.boot.quantile(0.9) == before.boot.quantile(0.9));
  CHECK(config::to_json(config::write(after)) == text);
}

TEST_CASE("defaults are written in canonical spelling", "[config]") {
  Settings settings;
  CHECK(config::to_json(config::write(settings)) == R"({
  "seed": 1,
  "start": "1970-01-01T00:00:00Z",
  "duration": "1h",
  "warmup": "5m",
  "share": 0.5,
  "verbose": false,
  "cpu": "250m",
  "memory": "1Gi",
  "boot": {
    "constant": "0s"
  },
  "groups": [],
  "workloads": [],
  "extra": null
}
)");
}

TEST_CASE("quantiles come back as the log-normal through them", "[config]") {
  Settings settings;
  CHECK(problems_of(R"({"boot": {"p50": "1.5s", "p99": "3.4s"}})", settings).empty());
  Settings again;
  CHECK(problems_of(config::to_json(config::write(settings)), again).empty());
  CHECK(again.boot.quantile(0.99) == settings.boot.quantile(0.99));
}

TEST_CASE("paths can be written relative to where the result will lie", "[config]") {
  Settings settings;
  settings.workloads = {{"w", Deployment{}, {}, "scenarios/t.csv"}};
  const auto value = config::write(settings, "out/w/1");
  const auto* workloads = value.find("workloads")->as_list();
  CHECK(*(*workloads)[0].find("file")->as_string() == "../../../scenarios/t.csv");
}

}  // namespace
}  // namespace casim::sample
