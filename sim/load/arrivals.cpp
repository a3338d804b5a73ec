#include "sim/load/arrivals.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

// An Indexed Job whose indexes are done until each has succeeded, however often one fails, and hold
// back each by itself: what is lost with a node is made up for.
JobSpec tireless_job(std::uint64_t completions) {
  JobSpec spec;
  spec.parallelism = completions;
  spec.completions = completions;
  spec.is_indexed = true;
  spec.backoff_limit_per_index = INT32_MAX;
  return spec;
}

JobSpec one_pod_job() { return tireless_job(1); }

// Its pods arrive one by one.
JobSpec arriving_jobs(std::uint64_t completions) {
  JobSpec spec = tireless_job(completions);
  spec.released = 0;
  return spec;
}

// How long before its turn could come a controller hears of a pod. Any time gives the same turns,
// as long as nothing else passes the controller's limit.
constexpr Duration kAhead = std::chrono::minutes(1);

}  // namespace

Arrivals::Arrivals(Kernel& kernel, const WorkloadTable& workloads, PodMakers makers,
                   LoadCompletion& completion)
    : kernel_(kernel), workloads_(workloads), makers_(makers), completion_(completion) {
  if (makers.qps == 0) return;
  for (const OwnerKind kind : {OwnerKind::kReplicaSet, OwnerKind::kJob}) {
    backlogs_.emplace(kind, Backlog{.bucket = TokenBucket(makers.qps, makers.burst)});
  }
}

void Arrivals::add(WorkloadId workload) {
  const PodSeries& series = workloads_.series(workload);
  Playing playing;
  playing.workload = workload;
  playing.stream = series.arrivals();
  playing.next = playing.stream->next();
  if (!playing.next) return;
  playing.has_size = series.size().has_value();
  playing.has_owner_each = series.has_owner_each();
  playing.kind = series.owner(playing.next->index).kind;
  // Of a series without size its end is waited for.
  completion_.expect(playing.has_size ? workloads_.count_fitting(workload) : 1);
  playing_.push_back(std::move(playing));
}

void Arrivals::start() {
  for (Playing& playing : playing_) {
    if (playing.has_owner_each || playing.kind == OwnerKind::kNone) continue;
    const PodSeries& series = workloads_.series(playing.workload);
    Owner owner = series.owner(0);
    playing.owner = owner.uid;
    PodBlueprint pods = workloads_.blueprint(playing.workload, 0);
    if (playing.kind == OwnerKind::kJob) {
      makers_.jobs.create(
          {std::move(owner), std::move(pods), arriving_jobs(series.size().value())});
    } else {
      makers_.replica_sets.create({std::move(owner), std::move(pods), 0});
    }
  }
  for (std::size_t i = 0; i < playing_.size(); ++i) arm(i);
}

void Arrivals::arm(std::size_t number) {
  const Playing& playing = playing_[number];
  if (!playing.next) return;
  TimePoint when = std::max(kTimeZero + playing.next->at, kernel_.now());
  if (!may_tell(playing)) when = std::max(when, backlogs_.at(playing.kind).last_turn - kAhead / 2);
  kernel_.at(when, Phase::kWorld, [this, number] { arrive(number); });
}

void Arrivals::arrive(std::size_t number) {
  Playing& playing = playing_[number];
  while (playing.next && kTimeZero + playing.next->at <= kernel_.now() && may_tell(playing)) {
    const std::uint64_t index = playing.next->index;
    playing.next = playing.stream->next();
    ++playing.told;
    tell_controller(playing, index);
    if (!playing.has_size) {
      ++unsized_arrived_;
      if (!playing.next) completion_.note_arrival();
    } else if (workloads_.can_fit(playing.workload, index)) {
      completion_.note_arrival();
    }
  }
  arm(number);
}

void Arrivals::tell_controller(const Playing& playing, std::uint64_t index) {
  const PodSeries& series = workloads_.series(playing.workload);
  if (const auto backlog = backlogs_.find(playing.kind); backlog != backlogs_.end()) {
    backlog->second.last_turn = backlog->second.bucket.reserve(kernel_.now());
  }
  if (playing.kind == OwnerKind::kNone) {
    makers_.bare_pods.create(workloads_.blueprint(playing.workload, index),
                             !series.run_for(index).has_value());
  } else if (playing.has_owner_each) {
    Owner owner = series.owner(index);
    makers_.jobs.create(
        {std::move(owner), workloads_.blueprint(playing.workload, index), one_pod_job()});
  } else if (playing.kind == OwnerKind::kJob) {
    makers_.jobs.release_next(playing.owner);
  } else {
    makers_.replica_sets.scale(playing.owner, playing.told);
  }
}

bool Arrivals::may_tell(const Playing& playing) const {
  const auto backlog = backlogs_.find(playing.kind);
  return backlog == backlogs_.end() || backlog->second.last_turn <= kernel_.now() + kAhead;
}

bool Arrivals::are_over() const {
  return std::ranges::none_of(playing_,
                              [](const Playing& playing) { return playing.next.has_value(); });
}

}  // namespace casim::sim
