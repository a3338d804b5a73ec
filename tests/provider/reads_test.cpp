#include "src/ec2/catalogue.h"
#include "src/provider/placeholder.h"
#include "src/provider/pricing.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

TEST_CASE("provider ids and placeholders are written and read back", "[provider]") {
  CHECK(make_provider_id("us-east-1a", "i-0abc") == "aws:///us-east-1a/i-0abc");
  CHECK(make_placeholder("us-east-1a", "b-c", SlotId(12)) ==
        "aws:///us-east-1a/i-placeholder-b-c-12");
  CHECK(zone_of("aws:///us-east-1a/i-0abc") == "us-east-1a");
  CHECK(zone_of("gce:///x/y") == "");
  const auto placeholder = parse_placeholder("aws:///us-east-1a/i-placeholder-b-c-12");
  REQUIRE(placeholder);
  CHECK(placeholder->group == "b-c");
  CHECK(placeholder->slot == SlotId(12));
  const auto other = GENERATE(
      values<std::string>({"", "aws:///", "aws:///z", "aws:///z/i-0abc", "aws:///z/i-placeholder-",
                           "aws:///z/i-placeholder-a", "aws:///z/i-placeholder-a-",
                           "aws:///z/i-placeholder-a-1x", "aws:///z/i-placeholder-a--1",
                           "aws:///z/i-placeholder-a-99999999999999999999", "i-placeholder-a-1"}));
  CAPTURE(other);
  // "a--1" is slot 1 of a group "a-".
  CHECK(parse_placeholder(other).has_value() == (other == "aws:///z/i-placeholder-a--1"));
}

TEST_CASE("templates, options and labels come from the configuration", "[provider]") {
  Config config = small_config();
  config.groups[0].node_template.labels[config.gpu_label] = "T4";
  config.groups[1].node_template = {};
  config.groups[1].options = GroupOptions{};
  config.groups[1].options->scale_down_unneeded_time = 3min;
  ProviderWorld world(config);
  CHECK(world.provider->groups().size() == 2);
  CHECK(world.provider->template_node("a")->allocatable.cpu == MilliCpu(2000));
  CHECK(world.provider->template_node("b-c").error().code == ErrorCode::kUnimplemented);
  CHECK(world.provider->options("a").error().code == ErrorCode::kUnimplemented);
  CHECK(world.provider->options("b-c")->scale_down_unneeded_time == 3min);
  CHECK(world.provider->gpu_label() == "casim.dev/accelerator");
  CHECK(world.provider->gpu_types() == std::vector<std::string>{"T4"});
}

TEST_CASE("a node costs its group's price, a pod its share of the cheapest", "[provider]") {
  Config config = small_config();
  config.groups[1].price = Price{50'000};
  config.groups[1].node_template.allocatable.cpu = MilliCpu(500);
  config.groups[1].node_template.labels["node.kubernetes.io/instance-type"] = "m6i.large";
  ProviderWorld world(config);
  REQUIRE(world.increase("a", 1));
  world.advance(1s);
  const WallTime from{};
  const WallTime to = from + 2h;
  const NodeRef ours{world.ids("a")[0], "n", {}, {}};
  CHECK(*world.provider->node_price(ours, from, to) == Approx(0.192));
  const NodeRef upcoming{
      "", "template-node", {{"node.kubernetes.io/instance-type", "m6i.large"}}, {}};
  CHECK(*world.provider->node_price(upcoming, from, to) == Approx(0.192));
  CHECK(world.provider->node_price({"", "x", {}, {}}, from, to).error().code ==
        ErrorCode::kNotFound);
  Resources pod;
  pod.cpu = MilliCpu(500);
  pod.memory = Bytes(std::int64_t{4} << 30);
  pod.pods = 1;
  // Half of "a" (memory) costs 0.096 for two hours; all of "b-c" (CPU) 0.1.
  CHECK(*world.provider->pod_price(pod, from, to) == Approx(0.096));
  pod.cpu = MilliCpu(3000);
  CHECK(world.provider->pod_price(pod, from, to).error().code == ErrorCode::kNotFound);
}

TEST_CASE("a group without a known price has none to tell", "[provider]") {
  Config config = small_config();
  config.groups[0].price.reset();
  const WallTime from = WallTime(1h);
  CHECK(price_of(config.groups[0], from, from + 1h).error().code == ErrorCode::kNotFound);
  CHECK(*price_of(config.groups[1], from, from + 1h) == Approx(0.096));
  Resources pod;
  pod.cpu = MilliCpu(500);
  pod.pods = 1;
  const std::span<const GroupConfig> first(config.groups.data(), 1);
  CHECK(price_of_pod(first, pod, from, from + 1h).error().code == ErrorCode::kNotFound);
}

TEST_CASE("every broken rule of a configuration is told", "[provider]") {
  struct Row {
    const char* name;
    void (*breaks)(Config&);
    const char* says;
  };

  const auto row = GENERATE(values<Row>({
      {"id", [](Config& c) { c.groups[0].id = ""; }, "no id"},
      {"slash", [](Config& c) { c.groups[0].id = "x/y"; }, "slash"},
      {"same id", [](Config& c) { c.groups[1].id = "a"; }, "have the id 'a'"},
      {"min", [](Config& c) { c.groups[0].min_size = -1; }, "negative min_size"},
      {"max", [](Config& c) { c.groups[0].min_size = 11; }, "below min_size 11"},
      {"types", [](Config& c) { c.groups[0].instance_types.clear(); }, "no instance type"},
      {"type twice", [](Config& c) { c.groups[0].instance_types = {"x", "x"}; }, "'x' twice"},
      {"zones", [](Config& c) { c.groups[0].zones.clear(); }, "no zone"},
      {"empty zone", [](Config& c) { c.groups[0].zones = {""}; }, "empty zone"},
      {"price", [](Config& c) { c.groups[0].price = Price{-1}; }, "negative price"},
      {"join", [](Config& c) { c.join_timeout = Duration::zero(); }, "join_timeout"},
      {"period", [](Config& c) { c.reconcile.period = -1s; }, "reconcile.period"},
      {"cluster", [](Config& c) { c.cluster = ""; }, "cluster"},
      {"any text", [](Config& c) { c.cluster = "prod*"; }, "wildcards"},
      {"any character", [](Config& c) { c.cluster = "prod-?"; }, "wildcards"},
      {"escape", [](Config& c) { c.cluster = "prod\\1"; }, "wildcards"},
  }));
  CAPTURE(row.name);
  Config config = small_config();
  CHECK(validate(config).empty());
  row.breaks(config);
  const auto problems = validate(config);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].find(row.says) != std::string::npos);
}

TEST_CASE("the types of a group are known and alike, in the model of their GPUs too",
          "[provider]") {
  struct Row {
    std::vector<std::string> types;
    std::vector<std::size_t> wrong;
  };

  const std::vector<Row> rows{{{"m6i.large", "m5.large", "m7i.large"}, {}},
                              {{"m6i.large", "m6i.xlarge"}, {1}},
                              {{"m6i.xlarge", "g4dn.xlarge"}, {1}},
                              {{"g4dn.xlarge", "g5.xlarge"}, {1}},       // T4 and A10G
                              {{"p4d.24xlarge", "p4de.24xlarge"}, {1}},  // memory of the A100
                              {{"g6.xlarge", "g6f.xlarge"}, {1}},        // an L4 and a part of one
                              {{"inf2.8xlarge", "c5.large"}, {1}},
                              {{"m6i.large", "mac2.metal"}, {1}},
                              {{"m6i.large", "m7g.large"}, {1}},  // amd64 and arm64
                              {{"m99.large", "m6i.large", "m5.large"}, {0}},
                              {{"t3.medium", "m5.large", "c6i.xlarge"}, {1, 2}}};
  for (const Row& row : rows) {
    CAPTURE(row.types);
    std::vector<std::size_t> wrong;
    for (const TypeProblem& problem : validate_types(row.types, *ec2::default_catalogue())) {
      wrong.push_back(problem.type);
    }
    CHECK(wrong == row.wrong);
  }
}

TEST_CASE("a type that is not like the others is told with what is compared", "[provider]") {
  const auto problems = validate_types({"g4dn.xlarge", "g5.xlarge"}, *ec2::default_catalogue());
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].message.starts_with(
      "g5.xlarge (4 vCPU, 16Gi, amd64, 1 A10G with 22888Mi) differs "
      "from g4dn.xlarge (4 vCPU, 16Gi, amd64, 1 T4 with 16Gi)"));
}
