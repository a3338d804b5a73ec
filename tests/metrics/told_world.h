// All collectors, told facts by hand, of a world of one kind of pod: ten fit on a node of any
// group.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/metrics/collectors.h"

namespace casim::sim {

class OneShapeWorld final : public WorldModel {
 public:
  explicit OneShapeWorld(std::vector<GroupOffer> groups) : groups_(std::move(groups)) {
    pod_.requests.cpu = MilliCpu(1000);
    pod_.requests.pods = 1;
    pod_.group = 0;
  }

  const std::vector<GroupOffer>& groups() const override { return groups_; }

  std::uint32_t shape_of(PodId) override { return 0; }

  const PodShape& shape(std::uint32_t) const override { return pod_; }

  Resources allocatable_of(NodeId) const override { return room(); }

  static Resources room() {
    Resources room;
    room.cpu = MilliCpu(10'000);
    room.pods = 110;
    return room;
  }

 private:
  std::vector<GroupOffer> groups_;
  PodShape pod_;
};

struct ToldWorld {
  // `min`: of group "a"; "b" has none. A node costs 1 USD an hour.
  explicit ToldWorld(int min = 0, LoadSchedule schedule = {}, ConvergenceOptions options = {})
      : model({{"a", min, OneShapeWorld::room(), Price{1'000'000}},
               {"b", 0, OneShapeWorld::room(), Price{1'000'000}}}),
        collectors(model, std::move(schedule), options) {}

  void tell(Duration t, const Fact& fact) { collectors.on_fact(kTimeZero + t, fact); }

  void create(Duration t, std::uint32_t pod) {
    tell(t, PodCreated{.pod = PodId(pod), .workload = WorkloadId(0), .index = pod});
  }

  void create_all(Duration t, std::uint32_t first, std::uint32_t count) {
    for (std::uint32_t i = first; i < first + count; ++i) create(t, i);
  }

  void run(Duration bound, Duration running, std::uint32_t pod, std::uint32_t node) {
    tell(bound, PodBound{PodId(pod), NodeId(node)});
    tell(running, PodRunning{PodId(pod)});
  }

  // Spread over the first `nodes` nodes.
  void run_all(Duration bound, Duration running, std::uint32_t first, std::uint32_t count,
               std::uint32_t nodes) {
    for (std::uint32_t i = first; i < first + count; ++i) {
      tell(bound, PodBound{PodId(i), NodeId(i % nodes)});
    }
    for (std::uint32_t i = first; i < first + count; ++i) tell(running, PodRunning{PodId(i)});
  }

  void end(Duration t, std::uint32_t pod) { tell(t, PodEnded{PodId(pod), PodEnd::kCompleted}); }

  void register_node(Duration t, std::uint32_t node, const std::string& group = "a") {
    const std::string number = std::to_string(node);
    tell(t, NodeRegistered{NodeId(node), "n" + number, "i" + number, group});
  }

  void set_target(Duration t, int target, const std::string& group = "a") {
    tell(t, GroupTargetChanged{group, target});
  }

  Summary summary(Duration end, Duration warmup = {}) const {
    RunInfo run;
    run.end = kTimeZero + end;
    run.warmup = kTimeZero + warmup;
    return collectors.summary(std::move(run));
  }

  OneShapeWorld model;
  Collectors collectors;
};

}  // namespace casim::sim
