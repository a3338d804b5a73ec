// One scheduling decision for a class of pods that is known: choose a node, put the pod there, and
// now and then take one away, so that the load stays where it is. Budget of design section 7:
// under 1 us on 5,000 nodes.
#include <benchmark/benchmark.h>

#include <deque>
#include <memory>
#include <utility>

#include "sim/scheduler/candidates.h"

namespace casim::sim {
namespace {

enum class Load { kHalf, kNearlyFull, kFull };

// What the pods ask of each other.
enum class Asks { kNothing, kDefaultSpread, kZoneSpread, kHostOfItsOwn };

PodSpecPtr make_spec(Asks asks) {
  PodSpec spec;
  spec.requests.cpu = MilliCpu(500);
  spec.requests.memory = Bytes(std::int64_t{512} << 20);
  spec.requests.pods = 1;
  spec.labels["app"] = "web";
  const LabelSelector own{{"app", LabelRequirement::Operator::kIn, {"web"}}};
  if (asks == Asks::kDefaultSpread) spec.owner = OwnerKind::kReplicaSet;
  if (asks == Asks::kHostOfItsOwn) {
    spec.pod_anti_affinity.push_back({own, "kubernetes.io/hostname", {}});
  }
  if (asks == Asks::kZoneSpread) {
    TopologySpread spread;
    spread.topology_key = "topology.kubernetes.io/zone";
    spread.selector = own;
    spec.topology_spread.push_back(spread);
  }
  return std::make_shared<const PodSpec>(std::move(spec));
}

NodePtr make_node(std::uint32_t id) {
  Node node;
  node.id = NodeId(id);
  node.name = "n" + std::to_string(id);
  node.labels["kubernetes.io/hostname"] = node.name;
  node.labels["topology.kubernetes.io/zone"] = std::string(1, static_cast<char>('a' + id % 3));
  node.allocatable.cpu = MilliCpu(16'000);
  node.allocatable.memory = Bytes(std::int64_t{32} << 30);
  node.allocatable.pods = 110;
  return std::make_shared<const Node>(std::move(node));
}

class Bench {
 public:
  Bench(std::uint32_t size, Load load, Asks asks) : spec_(make_spec(asks)) {
    for (std::uint32_t i = 0; i < size; ++i) nodes_.put(make_node(i));
    const std::uint32_t places = 32;  // by cpu
    for (std::uint32_t i = 0; i < size; ++i) {
      std::uint32_t taken = load == Load::kHalf ? places / 2 : places;
      if (asks == Asks::kHostOfItsOwn) taken = i % 2;
      if (load == Load::kNearlyFull && i % 100 == 0) taken = places - 1;
      for (std::uint32_t p = 0; p < taken; ++p) put(NodeId(i));
    }
    const ClassId id = classes_.of(spec_);
    candidates_ = std::make_unique<ClassCandidates>(nodes_, scorer_, classes_[id]);
  }

  // The numbers of numFeasibleNodesToFind.
  NodeId decide() {
    const std::size_t size = nodes_.size();
    const std::size_t percentage = size / 125 + 5 >= 50 ? 5 : 50 - size / 125;
    const std::size_t want =
        size < 100 ? size : std::max<std::size_t>(100, size * percentage / 100);
    const Choice choice = candidates_->choose(start_, want);
    start_ = (start_ + choice.examined) % size;
    return choice.node;
  }

  void put(NodeId node) {
    nodes_.add_pod(node, PodId(next_), spec_);
    placed_.emplace_back(node, PodId(next_++));
  }

  // The oldest pod ends.
  void take() {
    const auto [node, pod] = placed_.front();
    placed_.pop_front();
    nodes_.remove_pod(node, pod);
  }

 private:
  NodeTable nodes_;
  PodClasses classes_;
  WindowScorer scorer_{nodes_};
  PodSpecPtr spec_;
  std::unique_ptr<ClassCandidates> candidates_;
  std::deque<std::pair<NodeId, PodId>> placed_;
  std::uint32_t next_ = 0;
  std::size_t start_ = 0;
};

void decide(benchmark::State& state, Load load, Asks asks) {
  Bench bench(static_cast<std::uint32_t>(state.range(0)), load, asks);
  bench.decide();
  for (auto _ : state) {
    const NodeId node = bench.decide();
    if (!node.is_valid()) continue;
    bench.put(node);
    bench.take();
  }
  state.SetItemsProcessed(state.iterations());
}

void half_full(benchmark::State& state) { decide(state, Load::kHalf, Asks::kNothing); }

void nearly_full(benchmark::State& state) { decide(state, Load::kNearlyFull, Asks::kNothing); }

void fits_nowhere(benchmark::State& state) { decide(state, Load::kFull, Asks::kNothing); }

void half_full_spread(benchmark::State& state) { decide(state, Load::kHalf, Asks::kDefaultSpread); }

void half_full_zones(benchmark::State& state) { decide(state, Load::kHalf, Asks::kZoneSpread); }

void half_full_hosts(benchmark::State& state) { decide(state, Load::kHalf, Asks::kHostOfItsOwn); }

BENCHMARK(half_full)->Arg(500)->Arg(5'000)->Arg(100'000);
BENCHMARK(nearly_full)->Arg(500)->Arg(5'000)->Arg(100'000);
BENCHMARK(fits_nowhere)->Arg(500)->Arg(5'000)->Arg(100'000);
BENCHMARK(half_full_spread)->Arg(500)->Arg(5'000)->Arg(100'000);
BENCHMARK(half_full_zones)->Arg(500)->Arg(5'000)->Arg(100'000);
BENCHMARK(half_full_hosts)->Arg(500)->Arg(5'000)->Arg(100'000);

}  // namespace
}  // namespace casim::sim
