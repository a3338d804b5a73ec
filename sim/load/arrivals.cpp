#include "sim/load/arrivals.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

Arrivals::Arrivals(Kernel& kernel, const WorkloadTable& workloads,
                   ReplicaSetController& replica_sets, JobController& jobs,
                   LoadCompletion& completion)
    : kernel_(kernel),
      workloads_(workloads),
      replica_sets_(replica_sets),
      jobs_(jobs),
      completion_(completion) {}

void Arrivals::add(WorkloadId workload) {
  if (workloads_.series(workload).size() == 0) return;
  completion_.expect(workloads_.count_fitting(workload));
  playing_.push_back({.workload = workload, .owner = "", .kind = OwnerKind::kNone, .next = 0});
}

void Arrivals::start() {
  for (Playing& playing : playing_) {
    const PodSeries& series = workloads_.series(playing.workload);
    if (series.has_owner_each()) continue;
    Owner owner = series.owner(0);
    playing.owner = owner.uid;
    playing.kind = owner.kind;
    PodBlueprint pods = workloads_.blueprint(playing.workload, 0);
    if (playing.kind == OwnerKind::kJob) {
      jobs_.create({std::move(owner), std::move(pods), series.size()});
    } else {
      replica_sets_.create({std::move(owner), std::move(pods), 0});
    }
  }
  for (std::size_t i = 0; i < playing_.size(); ++i) arm(i);
}

void Arrivals::arm(std::size_t number) {
  const Playing& playing = playing_[number];
  const PodSeries& series = workloads_.series(playing.workload);
  if (playing.next == series.size()) return;
  const TimePoint when = kTimeZero + series.arrival(playing.next);
  kernel_.at(std::max(when, kernel_.now()), Phase::kWorld, [this, number] { arrive(number); });
}

void Arrivals::arrive(std::size_t number) {
  Playing& playing = playing_[number];
  const PodSeries& series = workloads_.series(playing.workload);
  while (playing.next < series.size() &&
         kTimeZero + series.arrival(playing.next) <= kernel_.now()) {
    const std::uint64_t index = series.index_at(playing.next++);
    tell_controller(playing, index);
    if (workloads_.can_fit(playing.workload, index)) completion_.note_arrival();
  }
  arm(number);
}

void Arrivals::tell_controller(const Playing& playing, std::uint64_t index) {
  const PodSeries& series = workloads_.series(playing.workload);
  if (series.has_owner_each()) {
    Owner owner = series.owner(index);
    const std::string uid = owner.uid;
    jobs_.create({std::move(owner), workloads_.blueprint(playing.workload, index), 1});
    jobs_.start_next(uid);
  } else if (playing.kind == OwnerKind::kJob) {
    jobs_.start_next(playing.owner);
  } else {
    replica_sets_.scale(playing.owner, playing.next);
  }
}

bool Arrivals::are_over() const {
  return std::ranges::all_of(playing_, [this](const Playing& playing) {
    return playing.next == workloads_.series(playing.workload).size();
  });
}

}  // namespace casim::sim
