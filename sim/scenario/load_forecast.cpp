#include "sim/scenario/load_forecast.h"

#include <algorithm>
#include <map>
#include <memory>
#include <queue>

#include "sim/load/workload_table.h"
#include "sim/scenario/resolve.h"

namespace casim::sim {
namespace {

constexpr std::size_t kMostSlots = 30;
constexpr Duration kFirstSlot = std::chrono::seconds(1);
// From 1 s over 5 s, 15 s, 30 s, 1 min and so on to a day, then twice as long each time.
constexpr int kLonger[] = {5, 3, 2, 2, 5, 3, 2, 2, 2, 2, 3, 2};

// So many equal pods at one time.
struct Change {
  Duration at{};
  double count = 0;
  std::uint64_t index = 0;  // of one of them, in its series
};

class ChangeStream {
 public:
  virtual ~ChangeStream() = default;
  virtual std::optional<Change> next() = 0;
};

// One by one.
class EachPod final : public ChangeStream {
 public:
  explicit EachPod(const PodSeries& series) : stream_(series.arrivals()) {}

  std::optional<Change> next() override {
    const auto arriving = stream_->next();
    if (!arriving) return std::nullopt;
    return Change{arriving->at, 1, arriving->index};
  }

 private:
  std::unique_ptr<ArrivalStream> stream_;
};

// A burst in a thousand steps at most, however large it is.
class BurstSteps final : public ChangeStream {
 public:
  explicit BurstSteps(const BurstSpec& burst)
      : at_(burst.at), over_(burst.over), count_(burst.count) {
    steps_ = burst.over == Duration{} ? 1 : std::min<std::uint64_t>(burst.count, 1000);
  }

  std::optional<Change> next() override {
    if (step_ == steps_ || count_ == 0) return std::nullopt;
    const auto share = static_cast<double>(step_) / static_cast<double>(steps_);
    ++step_;
    return Change{at_ + from_seconds(to_seconds(over_) * share),
                  static_cast<double>(count_) / static_cast<double>(steps_), 0};
  }

 private:
  Duration at_;
  Duration over_;
  std::uint64_t count_;
  std::uint64_t steps_ = 1;
  std::uint64_t step_ = 0;
};

// The changes of size of a scaled set; those that go have a count below zero.
class SetSteps final : public ChangeStream {
 public:
  explicit SetSteps(std::vector<ScalingStep> steps) : steps_(std::move(steps)) {}

  std::optional<Change> next() override {
    if (next_ == steps_.size()) return std::nullopt;
    const ScalingStep& step = steps_[next_++];
    const double before = std::exchange(replicas_, static_cast<double>(step.replicas));
    return Change{step.at, replicas_ - before, 0};
  }

 private:
  std::vector<ScalingStep> steps_;
  std::size_t next_ = 0;
  double replicas_ = 0;
};

// The pods of one Job: as many at once as may be, the others as those end, none failing.
BurstSpec spread_job(const BatchSpec& batch, Duration at) {
  BurstSpec pods = batch.pods;
  pods.at = at;
  pods.over = {};
  const std::uint64_t at_once = std::max<std::uint64_t>(1, batch.job.parallelism);
  if (pods.run_for && pods.count > at_once) {
    const double waves = static_cast<double>(pods.count) / static_cast<double>(at_once) - 1;
    pods.over = from_seconds(to_seconds(*pods.run_for) * waves);
  }
  return pods;
}

// The load in order of time, with what is there at each time.
class Forecaster {
 public:
  explicit Forecaster(const Scenario& scenario)
      : scenario_(scenario),
        groups_(resolve_provider(scenario).groups),
        table_(cluster_, [this](const PodSpec& pod) {
          return why_never_fits(pod, scenario_.node_groups, groups_, static_nodes_);
        }) {
    for (const StaticNodeConfig& node : scenario.static_nodes) {
      static_nodes_.push_back(resolve_static_node(node, scenario));
    }
    for (const provider::GroupConfig& group : groups_) {
      out_.groups.push_back(
          {.name = group.id, .nodes = {}, .decided_by = "", .max = group.max_size});
    }
    on_group_.resize(groups_.size());
    out_.slot = kFirstSlot;
    out_.slots.resize(1);
  }

  void add(PlannedWorkload workload) {
    if (auto* placed = std::get_if<PlacedSpec>(&workload)) {
      placed->burst.at = placed->burst.over = {};
      return add_burst(std::move(placed->burst));
    }
    if (auto* burst = std::get_if<BurstSpec>(&workload)) return add_burst(std::move(*burst));
    if (auto* set = std::get_if<ScaledSpec>(&workload)) {
      std::vector<ScalingStep> steps = set->steps;
      return add(table_.add(std::move(*set)), std::make_unique<SetSteps>(std::move(steps)));
    }
    if (auto* controlled = std::get_if<ControlledSpec>(&workload)) {
      if (controlled->is_daemon_set()) return out_.daemon_sets.push_back(controlled->name);
      return add(table_.add(*controlled), std::make_unique<SetSteps>(replica_steps(*controlled)));
    }
    if (auto* batch = std::get_if<BatchSpec>(&workload)) {
      const std::vector<Duration> begins = job_begins(*batch, scenario_);
      for (const Duration at : begins) add_burst(spread_job(*batch, at));
      return;
    }
    WorkloadId id;
    if (auto* trace = std::get_if<TraceSpec>(&workload)) {
      id = table_.add(std::move(*trace));
    } else {
      id = table_.add(std::move(std::get<ArrivalSpec>(workload)));
    }
    add(id, std::make_unique<EachPod>(table_.series(id)));
  }

  LoadForecast run() {
    const Duration end = scenario_.duration.value_or(Duration::max());
    while (Source* source = first()) {
      if (source->next->at >= end) break;
      if (++looked_at_ > LoadForecast::kMostPods) {
        out_.is_cut = true;
        break;
      }
      const Change change = *source->next;
      end_pods(change.at);
      take(*source, change);
      source->next = source->stream->next();
    }
    end_pods(end);
    if (scenario_.duration) note(*scenario_.duration - Duration(1));
    return std::move(out_);
  }

 private:
  struct Source {
    WorkloadId id;
    std::unique_ptr<ChangeStream> stream;
    std::optional<Change> next;
  };

  // What all pods of one shape have in common.
  struct Shape {
    Demand each;
    Resources requests;
    std::vector<bool> fits;        // by group
    std::size_t unfit = SIZE_MAX;  // in the result
  };

  struct Ending {
    Duration at{};
    double count = 0;
    const Shape* shape = nullptr;

    bool operator>(const Ending& other) const { return at > other.at; }
  };

  void add_burst(BurstSpec burst) {
    auto steps = std::make_unique<BurstSteps>(burst);
    add(table_.add(std::move(burst)), std::move(steps));
  }

  void add(WorkloadId id, std::unique_ptr<ChangeStream> stream) {
    out_.workloads.push_back({});
    out_.workloads.back().name = table_.name_of(id);
    std::optional<Change> next = stream->next();
    sources_.push_back({id, std::move(stream), next});
  }

  // The source of the next change; null: none is left.
  Source* first() {
    Source* first = nullptr;
    for (Source& source : sources_) {
      if (!source.next) continue;
      if (first == nullptr || source.next->at < first->next->at) first = &source;
    }
    return first;
  }

  const Shape& shape_of(WorkloadId id, std::uint64_t index) {
    const PodSeries& series = table_.series(id);
    const std::uint32_t number = series.shape_of(index);
    const auto [found, is_new] = shapes_.try_emplace({id, number});
    Shape& shape = found->second;
    if (!is_new) return shape;
    const PodSpec pod = series.example(number);
    shape.requests = pod.requests;
    shape.each = {1, static_cast<double>(pod.requests.cpu.value()) / 1000,
                  static_cast<double>(pod.requests.memory.value())};
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      const std::string why = why_never_fits(pod, {scenario_.node_groups[g]}, {groups_[g]}, {});
      shape.fits.push_back(why.empty());
    }
    if (!table_.can_fit(id, index)) {
      shape.unfit = out_.unfit.size();
      const std::string why = why_never_fits(pod, scenario_.node_groups, groups_, static_nodes_);
      out_.unfit.push_back({table_.name_of(id), 0, pod.requests, why});
    }
    return shape;
  }

  void take(const Source& source, const Change& change) {
    const Shape& shape = shape_of(source.id, change.index);
    if (change.count > 0) {
      count(source.id, shape, change);
      slot_of(change.at).arrivals += change.count;
    }
    move(change.at, shape, change.count);
    if (change.count <= 0) return;
    const std::optional<Duration> run_for = table_.series(source.id).run_for(change.index);
    if (run_for && *run_for < Duration::max() - change.at) {
      endings_.push({change.at + *run_for, change.count, &shape});
    }
  }

  void count(WorkloadId id, const Shape& shape, const Change& change) {
    ForecastWorkload& workload = out_.workloads[id.value()];
    workload.sum.pods += change.count;
    workload.sum.cpu += shape.each.cpu * change.count;
    workload.sum.memory += shape.each.memory * change.count;
    workload.pods = static_cast<std::uint64_t>(workload.sum.pods + 0.5);
    const std::optional<Duration> run_for = table_.series(id).run_for(change.index);
    if (run_for) {
      workload.run_s += to_seconds(*run_for) * change.count;
    } else {
      workload.stay += static_cast<std::uint64_t>(change.count + 0.5);
    }
    if (shape.unfit != SIZE_MAX) {
      out_.unfit[shape.unfit].pods += static_cast<std::uint64_t>(change.count + 0.5);
    }
  }

  void end_pods(Duration until) {
    while (!endings_.empty() && endings_.top().at <= until) {
      const Ending ending = endings_.top();
      endings_.pop();
      move(ending.at, *ending.shape, -ending.count);
    }
  }

  // So many pods more, or less, from that time on. What no node can hold takes no room.
  void move(Duration at, const Shape& shape, double count) {
    if (shape.unfit != SIZE_MAX) return;
    note(at);
    now_.pods += shape.each.pods * count;
    now_.cpu += shape.each.cpu * count;
    now_.memory += shape.each.memory * count;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      if (shape.fits[g]) move_on_group(g, at, shape, count);
    }
    note(at);
    raise(out_.pods, now_.pods, at);
    raise(out_.cpu, now_.cpu, at);
    raise(out_.memory, now_.memory, at);
  }

  static bool raise(ForecastPeak& peak, double value, Duration at) {
    if (value <= peak.value + 1e-9) return false;
    peak = {value, at};
    return true;
  }

  void move_on_group(std::size_t group, Duration at, const Shape& shape, double count) {
    const Resources& node = groups_[group].node_template.allocatable;
    std::map<std::string, double>& used = on_group_[group];
    const auto add = [&](const std::string& name, double asked, double offered) {
      if (asked == 0 || offered == 0) return;
      const double nodes = used[name] += asked * count / offered;
      if (raise(out_.groups[group].nodes, nodes, at)) out_.groups[group].decided_by = name;
    };
    add("cpu", static_cast<double>(shape.requests.cpu.value()),
        static_cast<double>(node.cpu.value()));
    add("memory", static_cast<double>(shape.requests.memory.value()),
        static_cast<double>(node.memory.value()));
    add("pods", 1, static_cast<double>(node.pods));
    for (const auto& [name, amount] : shape.requests.extended) {
      const auto offered = node.extended.find(name);
      if (offered == node.extended.end()) continue;
      add(name, static_cast<double>(amount), static_cast<double>(offered->second));
    }
  }

  // The slots up to that time have seen what is there.
  void note(Duration at) {
    slot_of(at);
    const auto last = static_cast<std::size_t>(at / out_.slot);
    for (std::size_t i = std::min(last, noted_); i <= last; ++i) {
      Demand& most = out_.slots[i].most;
      most.pods = std::max(most.pods, now_.pods);
      most.cpu = std::max(most.cpu, now_.cpu);
      most.memory = std::max(most.memory, now_.memory);
    }
    noted_ = last;
  }

  // Slots become longer each time that there would be too many.
  ForecastSlot& slot_of(Duration at) {
    while (at / out_.slot >= static_cast<std::int64_t>(kMostSlots)) {
      const auto factor =
          static_cast<std::size_t>(longer_ < std::size(kLonger) ? kLonger[longer_++] : 2);
      std::vector<ForecastSlot> longer((out_.slots.size() + factor - 1) / factor);
      for (std::size_t i = 0; i < out_.slots.size(); ++i) {
        ForecastSlot& to = longer[i / factor];
        const Demand& most = out_.slots[i].most;
        to.arrivals += out_.slots[i].arrivals;
        to.most.pods = std::max(to.most.pods, most.pods);
        to.most.cpu = std::max(to.most.cpu, most.cpu);
        to.most.memory = std::max(to.most.memory, most.memory);
      }
      out_.slots = std::move(longer);
      out_.slot *= static_cast<std::int64_t>(factor);
      noted_ /= factor;
    }
    const auto slot = static_cast<std::size_t>(at / out_.slot);
    if (out_.slots.size() <= slot) out_.slots.resize(slot + 1);
    return out_.slots[slot];
  }

  const Scenario& scenario_;
  std::vector<provider::GroupConfig> groups_;
  std::vector<Node> static_nodes_;
  Cluster cluster_;
  WorkloadTable table_;
  LoadForecast out_;
  std::vector<Source> sources_;
  std::map<std::pair<WorkloadId, std::uint32_t>, Shape> shapes_;
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> endings_;
  Demand now_;
  std::vector<std::map<std::string, double>> on_group_;  // nodes that each resource needs
  std::size_t noted_ = 0;                                // last slot that saw what is there
  std::size_t longer_ = 0;                               // how often slots became longer
  std::uint64_t looked_at_ = 0;
};

}  // namespace

LoadForecast forecast(const Scenario& scenario, LoadPlan plan) {
  Forecaster forecaster(scenario);
  for (auto& workload : plan.workloads) forecaster.add(std::move(workload));
  return forecaster.run();
}

}  // namespace casim::sim
