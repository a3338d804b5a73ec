#include "sim/scheduler/core.h"

#include <algorithm>

#include "sim/cluster/volume_zone.h"
#include "src/core/random.h"

namespace casim::sim {

namespace {

QueueConfig queue_config(const SchedulerConfig& config) {
  return {config.initial_backoff, config.max_backoff, config.pop_from_backoff,
          config.max_in_unschedulable};
}

// Classes whose candidates are cached: 4 million verdicts or so, but not too few.
std::size_t class_entries_max(std::size_t nodes) {
  return std::max<std::size_t>(16, (std::size_t{4} << 20) / std::max<std::size_t>(nodes, 1));
}

}  // namespace

Scheduler::Core::Core(Kernel& kernel, ApiClient& api, SchedulerConfig config)
    : kernel_(kernel),
      api_(api),
      config_(std::move(config)),
      start_(kernel.now()),
      scorer_(nodes_),
      queue_(kernel, queue_config(config_)),
      preemption_(nodes_, Random(config_.seed)) {}

Scheduler::Core::~Core() {
  *alive_ = false;
  kernel_.cancel(flush_);
  kernel_.cancel(sweep_);
}

// --- the serial loop

// The loop runs as an event of its own, behind all that the watch delivers at this instant.
void Scheduler::Core::wake() {
  if (is_blocked_) return arm_timers();  // what was moved to backoff may leave it meanwhile
  if (is_awake_) return;
  is_awake_ = true;
  kernel_.at(kernel_.now(), Phase::kScheduler, [this, alive = alive_] {
    if (!*alive) return;
    is_awake_ = false;
    run();
  });
}

void Scheduler::Core::run() {
  while (!is_blocked_) {
    const QueueHandle next = queue_.pop();
    if (!next.is_valid()) break;
    if (config_.attempt_duration == Duration{}) {
      attempt(next);
      continue;
    }
    is_blocked_ = true;
    kernel_.after(config_.attempt_duration, Phase::kScheduler,
                  [this, alive = alive_, next, pod = queue_[next].id] {
                    if (!*alive) return;
                    is_blocked_ = false;
                    if (queue_[next].id == pod) attempt(next);  // else it is gone meanwhile
                    run();
                  });
  }
  arm_timers();
}

void Scheduler::Core::attempt(QueueHandle handle) {
  QueuedPod& pod = queue_[handle];
  ++stats.attempts;
  nodes_.summarize_images();
  classes_.learn(nodes_.affinity_terms());
  // Who was placed before may have its volumes made, though the watch has not shown it yet.
  const PodSpecPtr asked = claims_.with_zone(pod.spec);
  const bool has_moved = asked->volume_zone != classes_[pod.pod_class].spec->volume_zone;
  if (has_moved || pod.classes_seen != classes_.version()) pod.pod_class = classes_.of(asked);
  pod.classes_seen = classes_.version();
  Refusal refusal;
  const Choice choice = nodes_.size() == 0 ? Choice{} : decide(pod, refusal);
  if (observer) observer({pod.id, choice.node});
  if (choice.node.is_valid()) {
    place(handle, choice.node);
  } else {
    fail(handle, refusal);
  }
}

// Its own nomination does not count against a pod. The nominated node is tried first.
Choice Scheduler::Core::decide(QueuedPod& pod, Refusal& refusal) {
  const std::size_t size = nodes_.size();
  const NodeId reserved = pods_.at(pod.id).nominated;
  if (reserved.is_valid()) nodes_.take_back_nomination(reserved, pod.id);
  ClassCandidates& among = candidates(pod.pod_class);
  const NodeId nominated = nodes_.find(pod.nominated_node);
  const bool is_target = !pod.target_node.empty();
  const bool may_go = !is_target || pod.target_node == pod.nominated_node;
  const auto judge = [&](NodeId node) {
    return is_target ? among.judge_target(node) : among.judge_one(node);
  };
  Choice choice;
  if (nominated.is_valid() && may_go && judge(nominated) == 0) {
    choice.node = nominated;
  } else if (is_target) {
    choice = decide_target(pod, among, refusal);
  } else {
    choice = among.choose(next_start_ % size, wanted(size));
    if (!choice.node.is_valid()) refusal = among.refusal();
  }
  next_start_ = (next_start_ + choice.examined) % size;
  return choice;
}

// Only the named node is looked at; all others are refused by NodeAffinity's PreFilter.
Choice Scheduler::Core::decide_target(const QueuedPod& pod, ClassCandidates& among,
                                      Refusal& refusal) {
  const NodeId target = nodes_.find(pod.target_node);
  const Reasons reasons = target.is_valid() ? among.judge_target(target) : kOtherNode;
  if (reasons == 0) return {target, 1};
  refusal.reasons = reasons | kOtherNode;
  refusal.resolvable = (reasons & kUnresolvable) == 0 ? 1 : 0;
  refusal.message = hash_combine(nodes_.size(), refusal.reasons);
  return {NodeId(), target.is_valid() ? std::size_t{1} : 0};
}

// How many feasible nodes a cycle looks for [numFeasibleNodesToFind, algorithm 5.2].
std::size_t Scheduler::Core::wanted(std::size_t nodes) const {
  constexpr std::size_t kMin = 100;
  std::size_t percentage = static_cast<std::size_t>(config_.percentage_of_nodes_to_score);
  if (nodes < kMin || percentage >= 100) return nodes;
  if (percentage == 0) {
    const std::size_t less = nodes / 125;
    percentage = less + 5 >= 50 ? 5 : 50 - less;
  }
  return std::max(kMin, nodes * percentage / 100);
}

void Scheduler::Core::place(QueueHandle handle, NodeId node) {
  const QueuedPod& pod = queue_[handle];
  PodEntry& known = pods_.at(pod.id);
  known.node = node;
  known.assumed = true;
  known.nominated = NodeId();  // taken back for the decision
  nodes_.add_pod(node, pod.id, pod.spec);
  if (!pod.spec->volumes.empty()) {
    claims_.bind(*pod.spec, std::string(zone_of_node(nodes_[node].node->labels)));
  }
  api_.bind(pod.id, node, [this, alive = alive_, id = pod.id, node](Result<void> result) {
    if (*alive) on_bound(id, node, result.has_value());
  });
}

void Scheduler::Core::on_bound(PodId id, NodeId node, bool is_ok) {
  if (is_ok) {
    ++stats.bound;
    return;
  }
  ++stats.bind_errors;
  const auto found = pods_.find(id);
  if (found == pods_.end()) return;
  PodEntry& known = found->second;
  if (!known.assumed || known.node != node) return;
  known.node = NodeId();
  known.assumed = false;
  nodes_.remove_pod(node, id);
  // The real one reports the pod's condition anew, in the binding's own thread, and takes back
  // what was nominated.
  QueuedPod& pod = queue_[known.waiting];
  claims_.release(*pod.spec);
  if (pod.nominated_node.empty()) {
    api_.touch();
  } else {
    api_.nominate(id, "", [](Result<void>) {});
  }
  queue_.put_error(known.waiting);
  move_for_gone_pod(*pod.spec);
  wake();
}

// Back to the queue first, then the status is written, and the loop waits for that write. The
// victims' deletions queue behind it.
void Scheduler::Core::fail(QueueHandle handle, Refusal& refusal) {
  QueuedPod& pod = queue_[handle];
  std::optional<std::string> nomination;
  EvictionPtr eviction;
  if (refusal.reasons == 0) {
    queue_.put_error(handle);  // there is no node object at all
    nomination = "";
  } else {
    nomination = preempt(pod, refusal, eviction);
    queue_.put_unschedulable(handle, refusal.reasons);
    ++stats.unschedulable;
  }
  set_nomination(pod.id, pod.spec, nomination.value_or(pod.nominated_node));
  const bool is_renominated = nomination && *nomination != pod.nominated_node;
  if (!pod.has_condition || pod.message != refusal.message || is_renominated) {
    pod.has_condition = true;
    pod.message = refusal.message;
    ++stats.status_writes;
    is_blocked_ = true;
    api_.mark_unschedulable(pod.id, is_renominated ? nomination : std::nullopt,
                            [this, alive = alive_, id = pod.id](const Result<void>& written) {
                              if (!*alive) return;
                              QueuedPod* const waiting = written ? nullptr : find_waiting(id);
                              if (waiting) waiting->has_condition = false;  // not written
                              is_blocked_ = false;
                              run();
                            });
  }
  if (eviction) clear_next(eviction);
}

ClassCandidates& Scheduler::Core::candidates(ClassId id) {
  if (id.value() >= class_entries_.size()) class_entries_.resize(id.value() + 1);
  ClassEntry& entry = class_entries_[id.value()];
  entry.used = ++uses_;
  if (entry.candidates) return *entry.candidates;
  if (class_entry_count_ >= class_entries_max(nodes_.size())) {
    ClassEntry* oldest = nullptr;
    for (ClassEntry& one : class_entries_) {
      if (one.candidates && (!oldest || one.used < oldest->used)) oldest = &one;
    }
    oldest->candidates.reset();
    --class_entry_count_;
  }
  entry.candidates = std::make_unique<ClassCandidates>(nodes_, scorer_, classes_[id]);
  entry.in_vain_at = UINT64_MAX;
  ++class_entry_count_;
  return *entry.candidates;
}

// --- timers

void Scheduler::Core::arm_timers() {
  arm_flush();
  arm_sweep();
}

// At every whole second of wall time in which a backoff leaves.
void Scheduler::Core::arm_flush() {
  const TimePoint next = queue_.next_flush();
  if (next == flush_at_) return;
  kernel_.cancel(flush_);
  flush_at_ = next;
  if (next == kTimeNever) return;
  flush_ = kernel_.at(next, Phase::kScheduler, [this] {
    flush_at_ = kTimeNever;
    if (queue_.flush()) wake();
    arm_flush();
  });
}

// Every 30 s from the start, while anybody waits.
void Scheduler::Core::arm_sweep() {
  if (has_sweep_ || !queue_.has_unschedulable()) return;
  has_sweep_ = true;
  const Duration past = kernel_.now() - start_;
  const auto rounds = past / config_.sweep_interval + 1;
  sweep_ = kernel_.at(start_ + rounds * config_.sweep_interval, Phase::kScheduler, [this] {
    has_sweep_ = false;
    if (queue_.sweep()) wake();
    arm_timers();
  });
}

}  // namespace casim::sim
