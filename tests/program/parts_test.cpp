// The pieces of the program that need no process.
#include <map>

#include "src/core/grpc_code.h"
#include "src/live/adopt.h"
#include "src/live/check.h"
#include "src/live/log.h"
#include "src/live/metrics.h"
#include "src/live/plan.h"
#include "src/live/provider_file.h"
#include "src/server/reply_size.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::live;
using Catch::Matchers::Contains;

namespace {

const std::string kGroup =
    R"({"name": "a", "instance_types": ["m6i.large"], "zones": ["us-east-1a"], )"
    R"("image_id": "ami-1")";

// A whole configuration; `more` follows the group's members, `rest` those of the file.
std::string text_of(const std::string& more = "", const std::string& rest = "") {
  return R"({"schema_version": 1, "cluster": "test", "node_groups": [)" + kGroup + more + "}]" +
         rest + "}";
}

std::optional<ProviderFile> parse(const std::string& text, config::Problems& problems) {
  const auto document = config::parse_text(
      text, config::Format::kJson, {.name = "provider.json", .base_directory = {}}, problems);
  if (!document) return std::nullopt;
  return parse_provider_file(*document, problems);
}

ProviderFile parsed(const std::string& text) {
  config::Problems problems;
  const auto file = parse(text, problems);
  INFO(problems.text());
  REQUIRE(file);
  return *file;
}

ec2::Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace

TEST_CASE("what is wrong with a configuration is said where it stands", "[program]") {
  struct Row {
    std::string text;
    const char* problem;
  };

  const auto row = GENERATE(values<Row>({
      {text_of(R"(, "mx": 3)"), "node_groups[0].mx"},
      {text_of(R"(, "min": 5, "max": 3)"), "node_groups[0].min: is above max (3)"},
      {text_of(R"(, "subnets": {"us-east-1b": "subnet-1"})"), "\"us-east-1b\" is no zone"},
      {text_of(R"(, "launch_template": {})"), "needs exactly one of id and name"},
      {text_of("", R"(, "listen": {"address": "0.0.0.0:8086"})"), "listen.address: others can"},
      {text_of("", R"(, "ec2": {"region": "eu-west-1"})"), "us-east-1a is not in Region eu-west-1"},
      {text_of("", R"(, "ec2": {"region": "eu west"})"), "ec2.region: \"eu west\" names no Region"},
      {text_of("", R"(, "ec2": {"endpoint": "ec2.example.com"})"), "neither https:// nor http://"},
      {text_of("", R"(, "ec2": {"credentials": {"source": "file"}})"), "source is file"},
      {text_of("", R"(, "provider": {"launch_batch": 0})"), "provider.launch_batch"},
      {R"({"schema_version": 1, "node_groups": []})", "cluster"},
      {R"({"schema_version": 1, "cluster": "prod*", "node_groups": [)" + kGroup + "}]}",
       "cluster: has over 256 characters or one of * ? \\"},
      {R"({"schema_version": 1, "cluster": "c", "node_groups": [{"name": "a/b", "instance_types":
         ["m6i.large"], "zones": ["us-east-1a"], "image_id": "x"}]})",
       "node_groups[0].name: has a slash"},
      {R"({"schema_version": 1, "cluster": "c", "node_groups": [{"name": "a", "instance_types":
         ["m6i.large"], "zones": ["us-east-1a", "US-EAST-1B"], "image_id": "x"}]})",
       "node_groups[0].zones[1]: \"US-EAST-1B\" names no availability zone"},
      {R"({"schema_version": 1, "cluster": "c", "node_groups": [{"name": "a", "instance_types":
         ["m6i.larg"], "zones": ["us-east-1a"], "image_id": "x"}]})",
       "m6i.large"},
  }));
  config::Problems problems;
  CHECK_FALSE(parse(row.text, problems));
  CHECK_THAT(problems.text(), Contains(row.problem));
}

TEST_CASE("plaintext is for oneself unless somebody insists", "[program]") {
  for (const char* address :
       {"127.0.0.1:1", "localhost:1", "[::1]:1", "unix:/run/x", "127.9.9.9:1"}) {
    CHECK(is_private_address(address));
  }
  for (const char* address : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "provider:1"}) {
    CHECK_FALSE(is_private_address(address));
  }
  config::Problems problems;
  CHECK(parse(text_of("", R"(, "listen": {"address": "0.0.0.0:1", "allow_plaintext": true})"),
              problems));
}

TEST_CASE("endpoint and Region follow AWS's environment, the configuration first", "[program]") {
  const ProviderFile plain = parsed(text_of());
  const auto url = [](const ProviderFile& file, std::map<std::string, std::string> variables) {
    const ec2::Environment environment = environment_of(std::move(variables));
    return to_string(plan_client(file, plan_region(file, environment), environment).server);
  };
  CHECK(url(plain, {}) == "https://ec2.us-east-1.amazonaws.com/");
  CHECK(url(plain, {{"AWS_ENDPOINT_URL", "http://x:1"}}) == "http://x:1/");
  CHECK(url(plain, {{"AWS_ENDPOINT_URL", "http://x:1"}, {"AWS_ENDPOINT_URL_EC2", "http://y:2"}}) ==
        "http://y:2/");
  const ProviderFile own = parsed(text_of("", R"(, "ec2": {"endpoint": "http://z:3"})"));
  CHECK(url(own, {{"AWS_ENDPOINT_URL_EC2", "http://y:2"}}) == "http://z:3/");
  CHECK(plan_region(plain, environment_of({{"AWS_REGION", "eu-west-1"}})) == "eu-west-1");
  CHECK_THROWS(url(plain, {{"AWS_ENDPOINT_URL", "nonsense"}}));
}

TEST_CASE("a group is planned with template, launch template and subnets", "[program]") {
  const ProviderFile file = parsed(text_of(
      R"(, "max": 7, "labels": {"team": "x"}, "taints": [{"key": "k", "effect": "NoSchedule"}],
          "launch_template": {"name": "nodes", "version": "3"},
          "subnets": {"us-east-1a": "subnet-1"})"));
  const provider::Config config = plan_provider(file, "us-east-1");
  REQUIRE(config.groups.size() == 1);
  const provider::GroupConfig& group = config.groups[0];
  CHECK(group.max_size == 7);
  CHECK(group.node_template.labels.at("team") == "x");
  CHECK(group.node_template.labels.at("topology.kubernetes.io/zone") == "us-east-1a");
  CHECK(group.node_template.taints.size() == 1);
  CHECK(group.node_template.allocatable.pods == 29);
  CHECK(group.price == Price{96000});
  CHECK_FALSE(plan_provider(file, "eu-west-1").groups[0].price);
  CHECK(provider::validate(config).empty());
  const provider::Ec2MachinesOptions machines = plan_machines(file);
  CHECK(machines.groups.at("a").launch_template.name == "nodes");
  CHECK(machines.groups.at("a").subnets.at("us-east-1a") == "subnet-1");
}

TEST_CASE("a reload is told what it cannot change", "[program]") {
  const ProviderFile before = parsed(text_of());
  CHECK(fixed_differences(before, parsed(text_of(R"(, "max": 3)"))).empty());
  CHECK(fixed_differences(before, parsed(text_of("", R"(, "store": {"file": "/tmp/x"})"))) ==
        std::vector<std::string>{"store"});
  CHECK(fixed_differences(before,
                          parsed(text_of("", R"(, "http": "", "ec2": {"region": "us-east-1"})"))) ==
        std::vector<std::string>{"ec2", "http"});
}

TEST_CASE("groups whose list an autoscaler's client refuses are warned of", "[program]") {
  struct Row {
    int max;
    const char* warning;
  };

  const auto row = GENERATE(
      values<Row>({{100, ""}, {3500, "if all of them fail"}, {80'000, "its loops would abort"}}));
  const ProviderFile file = parsed(text_of(", \"max\": " + std::to_string(row.max)));
  config::Problems problems;
  warn_of_sizes(file, "provider.json", problems);
  CAPTURE(row.max);
  CHECK_FALSE(problems.has_errors());
  CHECK(problems.empty() == (std::string(row.warning).empty()));
  CHECK_THAT(problems.text(), Contains(row.warning));
}

// externalgrpc.md 2.1: some 47 bytes each, 75,000 pass (measured).
TEST_CASE("the size of a full group's list is near the measured one", "[program]") {
  provider::GroupConfig group = plan_provider(parsed(text_of()), "us-east-1").groups[0];
  group.max_size = 75'000;
  CHECK(server::full_reply_of(group).running < server::kReplyLimit);
  group.max_size = 100'000;
  CHECK(server::full_reply_of(group).running > server::kReplyLimit);
}

TEST_CASE("metrics are written in Prometheus' text format", "[program]") {
  Metrics metrics;
  metrics.describe("a_total", Metrics::Kind::kCounter, "Counts.\nTwo lines \\.");
  metrics.describe("b", Metrics::Kind::kGauge, "A gauge.");
  metrics.describe("c_seconds", Metrics::Kind::kHistogram, "Times.", {0.5, 1});
  metrics.describe("unused", Metrics::Kind::kGauge, "Never set.");
  metrics.add("a_total", {{"x", "q\"\\\n"}});
  metrics.add("a_total", {{"x", "q\"\\\n"}}, 2);
  metrics.set("b", {}, 1.5);
  for (const double value : {0.1, 0.5, 0.7, 3.0}) metrics.observe("c_seconds", {{"m", "x"}}, value);
  CHECK(metrics.text() ==
        "# HELP a_total Counts.\\nTwo lines \\\\.\n# TYPE a_total counter\n"
        "a_total{x=\"q\\\"\\\\\\n\"} 3\n"
        "# HELP b A gauge.\n# TYPE b gauge\nb 1.5\n"
        "# HELP c_seconds Times.\n# TYPE c_seconds histogram\n"
        "c_seconds_bucket{m=\"x\",le=\"0.5\"} 2\nc_seconds_bucket{m=\"x\",le=\"1\"} 3\n"
        "c_seconds_bucket{m=\"x\",le=\"+Inf\"} 4\nc_seconds_sum{m=\"x\"} 4.3\n"
        "c_seconds_count{m=\"x\"} 4\n");
  metrics.clear("b");
  CHECK_THAT(metrics.text(), !Contains("# TYPE b gauge"));
}

TEST_CASE("a line of the log is one JSON object, or text for people", "[program]") {
  const WallTime time{std::chrono::sys_days(std::chrono::year(2026) / 11 / 30)};
  CHECK(format_line(LogFormat::kJson, LogLevel::kInfo, time, "call",
                    {{"group", "a \"b\""}, {"delta", std::int64_t{3}}, {"bad", "\xff"}}) ==
        "{\"time\":\"2026-11-30T00:00:00Z\",\"level\":\"info\",\"event\":\"call\","
        "\"group\":\"a \\\"b\\\"\",\"delta\":3,\"bad\":\"\xef\xbf\xbd\"}");
  CHECK_THAT(format_line(LogFormat::kText, LogLevel::kError, time, "went down",
                         {{"why", "a b"}, {"n", std::int64_t{1}}, {"none", ""}}),
             Contains("error") && Contains("went down why=\"a b\" n=1 none=\"\""));
}

TEST_CASE("machines without slots become slots that wait to join", "[program]") {
  using provider::Machine;
  using provider::MachineState;
  const std::vector<provider::Slot> slots = slots_of({
      {"i-1", "aws:///z/i-1", "t1", "a", MachineState::kRunning, std::nullopt},
      {"i-2", "aws:///z/i-2", "t2", "a", MachineState::kTerminating, std::nullopt},
      {"i-3", "aws:///z/i-3", "t1", "a", MachineState::kRunning, std::nullopt},  // a double
      {"i-4", "aws:///z/i-4", "t4", "b", MachineState::kPending, std::nullopt},
      {"i-5", "aws:///z/i-5", "", "b", MachineState::kRunning, std::nullopt},
  });
  REQUIRE(slots.size() == 2);
  CHECK(slots[0].instance_id == "i-1");
  CHECK(slots[1].instance_id == "i-4");
  CHECK(slots[1].group == "b");
  CHECK(slots[1].state == provider::SlotState::kCreating);
}
