// What a user reads when a configuration is wrong.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/catch.h"
#include "tests/config/sample.h"

namespace casim::sample {
namespace {

using namespace std::chrono_literals;

TEST_CASE("an empty object gives the defaults", "[config]") {
  Settings settings;
  CHECK(problems_of(R"({"$schema": "x", "// note": [1]})", settings).empty());
  CHECK(settings.duration == 1h);
  CHECK(settings.warmup == 5min);
}

TEST_CASE("every type is read", "[config]") {
  Settings s;
  CHECK(problems_of(R"({
    "seed": 18446744073709551615, "start": "2026-01-05T00:00:00Z", "duration": "90s",
    "warmup": null, "share": 1, "verbose": true, "cpu": 1.5, "memory": "16Gi",
    "boot": {"p50": "1.5s", "p99": "3.4s"},
    "groups": [{"name": "a", "max": 1e2, "colors": ["green", "red"],
                "labels": {"example.com/pool": "x", "// note": 1}}],
    "workloads": [
      {"name": "w", "kind": "job", "pods": 3, "length": "2m",
       "requests": {"cpu": "500m", "memory": 1024, "nvidia.com/gpu": "2"}, "file": "t/a.csv"},
      {"name": "d", "replicas": 4}],
    "extra": {"any": [1]}})",
                    s)
            .empty());
  CHECK(s.seed == 18446744073709551615U);
  CHECK(s.start.time_since_epoch() == 1767571200s);
  CHECK(s.duration == 90s);
  CHECK_FALSE(s.warmup.has_value());
  CHECK(s.share == 1.0);
  CHECK(s.cpu == MilliCpu(1500));
  CHECK(s.memory == Bytes(std::int64_t{16} << 30));
  CHECK(s.boot.duration(0.5) == 1500ms);
  CHECK(s.boot.duration(0.99) == 3400ms);
  REQUIRE(s.groups.size() == 1);
  CHECK(s.groups[0].colors == std::vector{Color::kGreen, Color::kRed});
  CHECK(s.groups[0].labels == std::map<std::string, std::string>{{"example.com/pool", "x"}});
  REQUIRE(s.workloads.size() == 2);
  CHECK(s.workloads[0].body == Body(Job{3, 2min}));
  CHECK(s.workloads[0].requests.extended.at("nvidia.com/gpu") == 2);
  CHECK(s.workloads[0].file == std::filesystem::path("dir/t/a.csv"));
  CHECK(s.workloads[1].body == Body(Deployment{4}));
  CHECK(to_json(s.extra, -1) == R"({"any":[1]})");
}

struct ReadRow {
  const char* text;
  const char* expected;  // without "x.json:1: "
};

void check_row(const ReadRow& row) {
  CAPTURE(row.text);
  CHECK(problems_of(row.text) == "x.json:1: " + std::string(row.expected) + "\n");
}

TEST_CASE("a wrong structure is explained", "[config]") {
  check_row(GENERATE(values<ReadRow>({
      {"[]", "expected an object, found a list"},
      {R"({"groups": {}})", "groups: expected a list, found an object"},
      {R"({"groups": [1]})", "groups[0]: expected an object, found 1"},
      {R"({"groups": [{}]})", "groups[0].name: missing; name of the group"},
      {R"({"groups": [{"name": "a", "mim": 1}]})",
       "groups[0].mim: unknown key; did you mean \"min\"? "
       "allowed: name, min, max, colors, labels"},
      {R"({"groups": [{"name": "a", "colors": []}]})",
       "groups[0].colors: must have at least 1 item, found 0"},
      {R"({"groups": [{"name": "a", "colors": ["red", "red"]}]})",
       "groups[0].colors[1]: \"red\" is already at groups[0].colors[0]"},
      {R"({"groups": [{"name": "a"}, {"name": "a"}]})",
       "groups[1].name: \"a\" is already at groups[0].name"},
      {R"({"groups": [{"name": "a", "labels": {"x/y": 1}}]})",
       "groups[0].labels[\"x/y\"]: expected text, found 1: put it in quotes"},
      {R"({"groups": [{"name": "a", "min": 7, "max": 5}]})", "groups[0].min: 7 is above max 5"},
      {R"({"workloads": [{"name": "w", "kind": "jop", "length": "1s"}]})",
       "workloads[0].kind: unknown name \"jop\"; did you mean \"job\"? allowed: deployment, job"},
      {R"({"workloads": [{"name": "w", "kind": "deployment", "length": "1s"}]})",
       "workloads[0].length: unknown key; allowed: name, kind, replicas, requests, file"},
      {R"({"workloads": [{"name": "w", "kind": "job"}]})",
       "workloads[0].pods: missing; how many pods run"},
      {R"({"$schema": "ok", "groups": [{"name": "a", "$schema": "no"}]})",
       "groups[0][\"$schema\"]: unknown key; allowed: name, min, max, colors, labels"},
  })));
}

TEST_CASE("a wrong value is explained with an example", "[config]") {
  check_row(GENERATE(values<ReadRow>({
      {R"({"duration": 90})",
       "duration: expected a duration such as \"90s\" or \"1h30m\", found 90"},
      {R"({"duration": "90x"})",
       "duration: expected a duration such as \"90s\" or \"1h30m\", found \"90x\": unknown unit "
       "\"x\" (allowed: ns, us, ms, s, m, h, d)"},
      {R"({"duration": "438001h"})",
       "duration: must be at most 438000h (50 years), found \"438001h\""},
      {R"({"duration": "0.5s"})", "duration: must be at least 1s, found \"0.5s\""},
      {R"({"warmup": "-1s"})", "warmup: must be at least 0s, found \"-1s\""},
      {R"({"share": 1.5})", "share: must be from 0 to 1, found 1.5"},
      {R"({"share": "50%"})", "share: expected a number such as 0.5, found \"50%\""},
      {R"({"seed": -1})", "seed: expected a whole number from 0 to 18446744073709551615, found -1"},
      {R"({"seed": 1.5})", "seed: expected a whole number, found 1.5"},
      {R"({"seed": "1"})", "seed: expected a whole number, found \"1\""},
      {R"({"groups": [{"name": "a", "min": 3000000000}]})",
       "groups[0].min: expected a whole number from -2147483648 to 2147483647, found 3000000000"},
      {R"({"groups": [{"name": "a", "max": 1001}]})",
       "groups[0].max: must be from 0 to 1000, found 1001"},
      {R"({"groups": [{"name": " "}]})", "groups[0].name: must not be empty"},
      {R"({"groups": [{"name": "a", "colors": ["gren"]}]})",
       "groups[0].colors[0]: unknown name \"gren\"; did you mean \"green\"? allowed: red, green"},
      {R"({"groups": [{"name": "a", "colors": [3]}]})",
       "groups[0].colors[0]: expected one of red, green, found 3"},
      {R"({"verbose": "yes"})", "verbose: expected true or false, found \"yes\""},
      {R"({"cpu": "5"})", "cpu: must be from 0 to 4, found \"5\""},
      {R"({"cpu": "500q"})",
       "cpu: expected an amount of CPU such as \"500m\", \"1.5\" or 4, found \"500q\": unknown "
       "suffix \"q\" (allowed: n u m k M G T P E, Ki Mi Gi Ti Pi Ei)"},
      {R"({"memory": true})",
       "memory: expected an amount of bytes such as \"16Gi\" or \"500M\", found true"},
      {R"({"start": "2026-01-05"})",
       "start: expected a time such as \"2026-01-05T00:00:00Z\", found \"2026-01-05\": it is not "
       "of the form 2026-01-05T00:00:00Z"},
      {R"({"workloads": [{"name": "w", "kind": "deployment", "requests": {"cpus": 1}}]})",
       "workloads[0].requests.cpus: unknown key; did you mean \"cpu\"? allowed: cpu, memory, "
       "ephemeral-storage, pods, or an extended resource (domain/name)"},
      {R"({"workloads": [{"name": "w", "kind": "deployment", "requests": {"a/b": "0.5"}}]})",
       "workloads[0].requests[\"a/b\"]: expected a whole number such as 1, found \"0.5\": it must "
       "be a whole number"},
      {R"({"workloads": [{"name": "w", "kind": "deployment", "file": 5}]})",
       "workloads[0].file: expected the path of a file, found 5"},
  })));
}

TEST_CASE("a wrong distribution is explained", "[config]") {
  check_row(GENERATE(values<ReadRow>({
      {R"({"boot": true})",
       "boot: expected a distribution such as {\"p50\": ..., \"p99\": ...}, found true"},
      {R"({"boot": 5})", "boot: expected a duration such as \"90s\" or \"1h30m\", found 5"},
      {R"({"boot": {"p50": "2s"}})", "boot.p99: missing; 99th percentile"},
      {R"({"boot": {"p50": "2s", "p99": "1s"}})", "boot.p99: is below p50"},
      {R"({"boot": {"p50": "1ns", "p99": "11s"}})", "boot.p99: is more than 1e10 times p50"},
      {R"({"boot": {"p50": "0s", "p99": "1s"}})", "boot.p50: must be above 0s, found \"0s\""},
      {R"({"boot": {"p50": "1s", "p99": "1s", "p90": "1s"}})",
       "boot.p90: unknown key; did you mean \"p50\"? allowed: p50, p99"},
      {R"({"boot": {}})",
       "boot: expected an object with one of the keys p50, p99, constant, uniform, exponential, "
       "lognormal, pareto, weibull, quantiles, empirical, mixture, found 0 keys"},
      {R"({"boot": {"constant": "1s", "uniform": {}}})",
       "boot: expected an object with one of the keys p50, p99, constant, uniform, exponential, "
       "lognormal, pareto, weibull, quantiles, empirical, mixture, found 2 keys"},
      {R"({"boot": {"unifrom": {}}})",
       "boot.unifrom: unknown key; did you mean \"uniform\"? allowed: p50, p99, constant, "
       "uniform, exponential, lognormal, pareto, weibull, quantiles, empirical, mixture"},
      {R"({"boot": {"uniform": {"min": "2s", "max": "1s"}}})", "boot.uniform.max: is below min"},
      {R"({"boot": {"constant": "-2s"}})", "boot.constant: must be at least 0s, found \"-2s\""},
      {R"({"boot": {"lognormal": {"median": "1s", "sigma": -1}}})",
       "boot.lognormal.sigma: must be from 0 to 10, found -1"},
      {R"({"boot": {"exponential": {"mean": "0s"}}})",
       "boot.exponential.mean: must be above 0s, found \"0s\""},
      {R"({"boot": {"exponential": {}}})", "boot.exponential: needs mean or p50, one of them"},
      {R"({"boot": {"pareto": {"min": "1s"}}})",
       "boot.pareto: needs min and shape, or p50 and p99"},
      {R"({"boot": {"weibull": {"scale": "1s", "shape": 1, "p50": "1s", "p99": "2s"}}})",
       "boot.weibull: needs scale and shape, or p50 and p99"},
      {R"({"boot": {"weibull": {"p50": "1s", "p99": "1s"}}})",
       "boot.weibull.p99: must be 1.05 to 1e8 times p50"},
      {R"({"boot": {"quantiles": {"p0": "1s", "p99": "2s"}}})",
       "boot.quantiles: needs p0 and p100, the least and the greatest value"},
      {R"({"boot": {"quantiles": {"p0": "1s", "p50": "3s", "p100": "2s"}}})",
       "boot.quantiles: falls between p50 and p100"},
      {R"({"boot": {"quantiles": {"p0": "1s", "p50": "1s", "p50.0": "1s", "p100": "2s"}}})",
       "boot.quantiles: has p50 twice"},
      {R"({"boot": {"quantiles": {"p0": "1s", "99": "2s", "p100": "2s"}}})",
       "boot.quantiles: the key \"99\" is not of the form p99.9"},
      {R"({"boot": {"empirical": {"file": "/none.csv", "column": "d", "unit": "1s"}}})",
       "boot.empirical: /none.csv: there is no such file"},
      {R"({"boot": {"mixture": []}})", "boot.mixture: must have at least 1 item, found 0"},
      {R"({"boot": {"mixture": [{"weight": 0, "of": "1s"}]}})",
       "boot.mixture[0].weight: must be above 0, found 0"},
      {R"({"boot": {"mixture": [{"of": {"p50": "2s"}}]}})",
       "boot.mixture[0].of.p99: missing; 99th percentile"},
  })));
}

// A file of that text in the folder for temporary files, this process's own, removed at the end.
struct CsvFile {
  explicit CsvFile(const std::string& text) { std::ofstream(path) << text; }

  ~CsvFile() { std::filesystem::remove(path); }

  CsvFile(const CsvFile&) = delete;
  CsvFile& operator=(const CsvFile&) = delete;

  std::filesystem::path path = std::filesystem::temp_directory_path() /
                               ("casim-config-test-" + std::to_string(getpid()) + ".csv");
};

TEST_CASE("a distribution is read from a column of a CSV file", "[config]") {
  const CsvFile file("id,ms\n1,3000\n2,1000\n3,2000.5\n");
  Settings s;
  CHECK(problems_of(R"({"boot": {"empirical": {"file": ")" + file.path.string() +
                        R"(", "column": "ms", "unit": "1ms"}}})",
                    s)
            .empty());
  CHECK(s.boot.duration(0.1) == 1s);
  CHECK(s.boot.duration(0.5) == 2000500us);
  CHECK(s.boot.duration(0.99) == 3s);
}

TEST_CASE("what is wrong with a column is told at its line", "[config]") {
  const CsvFile file("id,ms\n1,3000\n2,-1\n3\n4,1e\n");
  const std::string place = "boot.empirical: " + file.path.string();
  Settings s;
  const std::string text = problems_of(R"({"boot": {"empirical": {"file": ")" + file.path.string() +
                                           R"(", "column": "ms", "unit": "1ms"}}})",
                                       s);
  CHECK_THAT(text, Catch::Contains(place + ":3: ms: \"-1\" is no number"));
  CHECK_THAT(text, Catch::Contains(place + ":4: has 1 fields, it must have 2"));
  CHECK_THAT(text, Catch::Contains(place + ":5: ms: \"1e\" is no number"));
  CHECK_THAT(problems_of(R"({"boot": {"empirical": {"file": ")" + file.path.string() +
                             R"(", "column": "mss", "unit": "1ms"}}})",
                         s),
             Catch::Contains(place + ":1: no column \"mss\"; did you mean \"ms\"?"));
}

TEST_CASE("each family is read, and written as it is read back", "[config]") {
  const char* text = GENERATE(values<const char*>({
      R"({"exponential":{"p50":"7s"}})",
      R"({"pareto":{"min":"1s","shape":1.5}})",
      R"({"pareto":{"p50":"1s","p99":"1m"}})",
      R"({"weibull":{"scale":"10s","shape":0.7}})",
      R"({"weibull":{"p50":"1s","p99":"1m"}})",
      R"({"quantiles":{"p0":"1s","p50":"2s","p99.9":"1m","p100":"1h"}})",
      R"({"mixture":[{"weight":3,"of":"1s"},{"of":{"mixture":[{"of":{"p50":"1s","p99":"9s"}}]}}]})",
  }));
  CAPTURE(text);
  Settings first;
  Settings second;
  CHECK(problems_of(R"({"boot": )" + std::string(text) + "}", first).empty());
  const std::string written = config::to_json(config::write(first));
  CHECK(problems_of(written, second).empty());
  CHECK(config::to_json(config::write(second)) == written);
  for (const double u : {0.001, 0.3, 0.5, 0.9, 0.999}) {
    CHECK(first.boot.quantile(u) == Approx(second.boot.quantile(u)).epsilon(1e-6));
  }
  CHECK(first.boot.quantile(0.6) > 0);
}

TEST_CASE("all problems are told at once, in the order of the file", "[config]") {
  const std::string text = R"({
  "duration": 90,
  "groups": [
    {"name": "a", "min": -1},
    {"nam": "b"}],
  "share": 2,
  "sede": 1
})";
  CHECK(problems_of(text) ==
        "x.json:2: duration: expected a duration such as \"90s\" or \"1h30m\", found 90\n"
        "x.json:4: groups[0].min: must be at least 0, found -1\n"
        "x.json:5: groups[1].name: missing; name of the group\n"
        "x.json:5: groups[1].nam: unknown key; did you mean \"name\"? allowed: name, min, max, "
        "colors, labels\n"
        "x.json:6: share: must be from 0 to 1, found 2\n"
        "x.json:7: sede: unknown key; did you mean \"seed\"? allowed: seed, start, duration, "
        "warmup, share, verbose, cpu, memory, boot, groups, workloads, extra\n");
}

TEST_CASE("a check across members waits until its members are right", "[config]") {
  CHECK(problems_of(R"({"groups": [{"name": "a", "min": 200, "max": "x"}]})") ==
        "x.json:1: groups[0].max: expected a whole number, found \"x\"\n");
}

TEST_CASE("YAML and JSON are read alike", "[config]") {
  Settings json;
  Settings yaml;
  CHECK(problems_of(R"({"duration": "2m", "groups": [{"name": "a", "max": 3}]})", json).empty());
  CHECK(problems_of("duration: 2m\ngroups:\n- name: a\n  max: 3\n", yaml, config::Format::kYaml)
            .empty());
  CHECK(config::write(json) == config::write(yaml));
  CHECK(problems_of("groups:\n- name: a\n  maxx: 3\n", yaml, config::Format::kYaml) ==
        "x.yaml:3: groups[0].maxx: unknown key; did you mean \"max\"? allowed: name, min, max, "
        "colors, labels\n");
}

}  // namespace
}  // namespace casim::sample
