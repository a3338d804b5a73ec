// Worlds that are broken on purpose, by means that only a test has: each is caught by the next
// check, by name. A sound one passes, and is what it would be without checks.
#include "sim/world/invariants.h"

#include "src/provider/ec2_machines.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"
#include "tests/scenario/small_scenario.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

class NoFacts : public FactSink {
 public:
  void on_fact(TimePoint, const Fact&) override {}
};

Node node_of(std::string name) {
  Node node;
  node.name = std::move(name);
  node.allocatable.cpu = MilliCpu(2000);
  node.allocatable.pods = 10;
  return node;
}

PodSpecPtr spec_of(int cpu_m) {
  auto spec = std::make_shared<PodSpec>();
  spec->name_prefix = "pod";
  spec->requests.cpu = MilliCpu(cpu_m);
  spec->requests.pods = 1;
  return spec;
}

provider::Config config_of(int max) {
  provider::Config config = provider::small_config();
  config.groups[0].min_size = 1;
  config.groups[0].max_size = max;
  config.reconcile.period = 1000h;  // what is broken stays so
  return config;
}

// Group "a" has two nodes, each with one pod; its provider has ordered two.
struct Parts {
  Parts() : Parts(config_of(3)) {}

  // `config`: what the invariants think; the provider's own maximum is 3.
  explicit Parts(provider::Config config)
      : audit(config.reconcile, {ec2, [this] { return provider.provider.get(); }}),
        invariants(std::move(config),
                   {.cluster = cluster, .nodes = ledger, .audit = audit, .provider = [this] {
                      return provider.provider.get();
                    }}) {
    for (const char* name : {"n1", "n2"}) {
      const NodeId node = cluster.create_node(node_of(name), WallTime{});
      tell(NodeRegistered{node, name, "", "a"});
      NewPod fresh;
      fresh.spec = spec_of(1000);
      pod = cluster.create_pod(std::move(fresh), WallTime{});
      cluster.bind(pod, node);
      tell(PodBound{pod, node});
    }
    CHECK(provider.increase("a", 2));
    tell(LoopStarted{LoopId(1)});
    CHECK(broken() == "");
  }

  void tell(const Fact& fact) {
    ledger.on_fact(provider.kernel.now(), fact);
    audit.on_fact(provider.kernel.now(), fact);
    invariants.on_fact(provider.kernel.now(), fact);
  }

  // A machine of the provider's that it knows nothing of.
  void add_machine(const std::string& token, const std::string& slot_token) {
    ec2::RunInstancesRequest request;
    request.instance_type = "m6i.large";
    request.client_token = token;
    request.tags = {{provider::kTokenTag, slot_token}};
    REQUIRE(ec2.add_running(request));
  }

  // What the next check says; empty: all is well.
  std::string broken() {
    try {
      invariants.check(provider.kernel.now());
    } catch (const BrokenInvariant& e) {
      return e.what();
    }
    return "";
  }

  bool says(const std::string& text) {
    const std::string what = broken();
    CAPTURE(what);
    return what.starts_with("invariant broken at ") && what.find(text) != std::string::npos;
  }

  provider::ProviderWorld provider{config_of(3)};
  Random random{1};
  NoFacts no_facts;
  Cluster cluster;
  NodeLedger ledger;
  Ec2Model ec2{provider.kernel, random, no_facts, {}};
  MachineAudit audit;
  PodId pod;  // on n2
  Invariants invariants;
};

}  // namespace

TEST_CASE("a node that holds more than it has is caught", "[scenario]") {
  Parts parts;
  const NodePtr& node = parts.cluster.node(parts.cluster.find_node("n2"));
  const_cast<Node&>(*node).allocatable.cpu = MilliCpu(999);
  CHECK(parts.says("n2 is overcommitted"));
}

TEST_CASE("a pod that grows behind its node's back is caught", "[scenario]") {
  Parts parts;
  parts.cluster.edit_pod(parts.pod, [](Pod& pod) { pod.spec = spec_of(1001); });
  CHECK(parts.says("n2: requested is not the sum of its pods"));
}

TEST_CASE("a pod that is counted twice is caught", "[scenario]") {
  Parts parts;
  ++const_cast<PodTally&>(parts.cluster.tally()).running;
  CHECK(parts.says("pods are not conserved"));
}

TEST_CASE("two slots of one token are caught", "[scenario]") {
  Parts parts;
  provider::Slot slot = parts.provider.slot(0);
  slot.id = SlotId(7);
  slot.provider_id += "7";
  parts.provider.stop();
  CHECK(parts.provider.call<void>(parts.provider.store.commit({.put = {slot}, .erase = {}})));
  parts.provider.start();
  CHECK(parts.says("shares its token"));
}

TEST_CASE("an IncreaseSize that is accepted beyond the maximum is caught", "[scenario]") {
  Parts parts(config_of(2));
  CHECK(parts.provider.increase("a", 1));
  parts.tell(IncreaseSizeCommitted{LoopId(1), "a", {SlotId(2)}});
  CHECK(parts.says("brought group a to 3, beyond its maximum of 2"));
}

TEST_CASE("a removal that leaves a group below its minimum is caught, one down to it is not",
          "[scenario]") {
  Parts parts;
  parts.tell(ScaleDownDecided{LoopId(1), "n1", false});
  CHECK(parts.broken() == "");
  const bool failed = GENERATE(false, true);
  if (failed) parts.tell(ScaleDownFailed{LoopId(1), "n1", "", ""});
  parts.tell(ScaleDownDecided{LoopId(2), "n2", false});
  if (failed) {
    CHECK(parts.broken() == "");
  } else {
    CHECK(parts.says("node n2 is to be removed, which would leave group a with 0"));
  }
}

TEST_CASE("nodes' time that falls is caught", "[scenario]") {
  Parts parts;
  parts.provider.advance(1min);
  CHECK(parts.broken() == "");
  const_cast<NodeRecord&>(parts.ledger.nodes().front()).registered = parts.provider.kernel.now();
  CHECK(parts.says("has fallen"));
}

TEST_CASE("a machine without a slot, and a second one of a slot, are caught when all is quiet",
          "[scenario]") {
  provider::Config soon = config_of(3);
  soon.reconcile.period = 30s;
  Parts parts(soon);
  const bool is_doubled = GENERATE(false, true);
  if (is_doubled) {
    const std::string token = parts.provider.slot(0).token;
    parts.add_machine("first", token);
    parts.add_machine("second", token);
  } else {
    parts.add_machine("first", "of nobody");
  }
  CHECK(parts.broken() == "");  // the provider may still see to it
  CHECK_FALSE(parts.audit.verdict(parts.provider.kernel.now()));
  parts.provider.advance(2min);
  CHECK(parts.says(is_doubled ? "is doubled" : "is leaked"));
  const auto machines = parts.audit.verdict(parts.provider.kernel.now());
  REQUIRE(machines);
  CHECK(machines->leaked == (is_doubled ? 0 : 1));
  CHECK(machines->doubled == (is_doubled ? 1 : 0));
  // What was so when it was last quiet is told also when it is not.
  parts.tell(ProviderCrashed{1});
  CHECK(parts.audit.verdict(parts.provider.kernel.now()));
}

TEST_CASE("a run with crashes, faults and lost machines breaks nothing, and checks change nothing",
          "[scenario]") {
  const Scenario s = troubled_scenario();
  const Summary checked = run_whole(s, {.check_invariants = true}).summary;
  CHECK(checked.digest == run_whole(s, {.check_invariants = false}).summary.digest);
  CHECK_FALSE(checked.partial);
}
