#include "sim/requirements/ec2_use.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace casim::sim {
namespace {

template <class Request>
const typename Request::Reply& reply_in(const ec2::AnyReply& any) {
  return std::get<ec2::index_of(Request::kAction)>(any);
}

}  // namespace

void Ec2Use::on_fact(TimePoint at, const Fact& fact) {
  if (is_closed_) return;
  rates_.on_fact(at, fact);
  if (std::holds_alternative<ProviderCrashed>(fact)) crashed_at_ = at;
  if (std::holds_alternative<CreationStuck>(fact)) ++creations_stuck_;
  note_slot(fact);
  note_instance(at, fact);
}

void Ec2Use::note_slot(const Fact& fact) {
  if (const auto* launched = std::get_if<SlotLaunched>(&fact)) {
    machine_of_[launched->slot] = launched->instance;
  } else if (const auto* gone = std::get_if<SlotGone>(&fact)) {
    const auto machine = machine_of_.find(gone->slot);
    if (machine == machine_of_.end()) return;
    if (launches_.is_live(machine->second)) ++lost_sight_;
    machine_of_.erase(machine);
  }
}

void Ec2Use::note_instance(TimePoint at, const Fact& fact) {
  if (const auto* launched = std::get_if<InstanceLaunched>(&fact)) {
    pending_.insert(launched->instance);
  } else if (const auto* running = std::get_if<InstanceRunning>(&fact)) {
    pending_.erase(running->instance);
    visibility_.on_running(at, running->instance);
  } else if (const auto* ending = std::get_if<InstanceShuttingDown>(&fact)) {
    launches_.on_ending(ending->instance);
    pending_.erase(ending->instance);
  } else if (const auto* ended = std::get_if<InstanceTerminated>(&fact)) {
    launches_.on_ending(ended->instance);
    visibility_.on_terminated(ended->instance);
    if (pending_.erase(ended->instance) > 0) ++failed_launches_[ended->reason];
  }
}

void Ec2Use::on_asked(TimePoint at, std::uint64_t call, const ec2::AnyRequest& request) {
  if (is_closed_) return;
  const Open& open = open_.emplace(call, Open{at, request}).first->second;
  ActionUse& use = use_of(open);
  ++use.calls;
  note_parameters(use.parameters, request);
  if (const auto* run = std::get_if<ec2::RunInstancesRequest>(&request)) {
    launches_.on_asked(at, call, *run);
  }
}

void Ec2Use::on_decided(TimePoint at, std::uint64_t call,
                        const ec2::Attempt<ec2::AnyReply>& answer) {
  const auto found = open_.find(call);
  if (is_closed_ || found == open_.end()) return;
  Open& open = found->second;
  open.is_decided = true;
  ActionUse& use = use_of(open);
  if (std::holds_alternative<ec2::RunInstancesRequest>(open.request)) {
    if (answer) note_launch(at, call, reply_in<ec2::RunInstancesRequest>(*answer), use);
  } else if (const auto* list = std::get_if<ec2::DescribeInstancesRequest>(&open.request)) {
    if (!answer) {
      visibility_.on_refused(open.asked, *list, answer.error());
    } else {
      const auto& reply = reply_in<ec2::DescribeInstancesRequest>(*answer);
      visibility_.on_listed(open.asked, *list, reply);
      use.most_instances = std::max(use.most_instances, reply.instances.size());
    }
  }
  forget_if_done(call);
}

void Ec2Use::note_launch(TimePoint at, std::uint64_t call, const ec2::RunInstancesReply& reply,
                         ActionUse& use) {
  for (const ec2::Instance& instance : launches_.on_decided(call, reply)) {
    visibility_.on_launched(at, instance);
  }
  use.most_instances = std::max(use.most_instances, reply.instances.size());
}

void Ec2Use::on_heard(TimePoint at, std::uint64_t call, const ec2::AttemptError* error) {
  const auto found = open_.find(call);
  if (is_closed_ || found == open_.end()) return;
  Open& open = found->second;
  open.is_over = true;
  ActionUse& use = use_of(open);
  if (error == nullptr) {
    ++use.succeeded;
    use.longest_answer = std::max(use.longest_answer, at - open.asked);
  } else {
    ++use.errors[ec2::reason_of(*error)];
  }
  if (std::holds_alternative<ec2::RunInstancesRequest>(open.request)) {
    launches_.on_heard(at, call, error);
  }
  forget_if_done(call);
}

void Ec2Use::on_left(TimePoint at, std::uint64_t call) {
  const auto found = open_.find(call);
  if (is_closed_ || found == open_.end()) return;
  Open& open = found->second;
  open.is_over = true;
  ActionUse& use = use_of(open);
  if (crashed_at_ == at) {
    ++use.crashed;
  } else {
    ++use.given_up;
    const Duration waited = at - open.asked;
    use.soonest_given_up = std::min(waited, use.soonest_given_up.value_or(waited));
  }
  if (std::holds_alternative<ec2::RunInstancesRequest>(open.request)) launches_.on_left(at, call);
  forget_if_done(call);
}

void Ec2Use::forget_if_done(std::uint64_t call) {
  const auto found = open_.find(call);
  if (found->second.is_decided && found->second.is_over) open_.erase(found);
}

BusiestTimes Ec2Use::rates_of(ec2::Action action) const {
  const auto totals = rates_.totals();
  const auto found = totals.find(std::string(ec2::name_of(action)));
  return found == totals.end() ? BusiestTimes{} : found->second;
}

}  // namespace casim::sim
