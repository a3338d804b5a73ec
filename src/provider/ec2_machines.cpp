#include "src/provider/ec2_machines.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <set>
#include <utility>

#include "src/async/run_all.h"
#include "src/provider/failure.h"
#include "src/provider/machine_tags.h"
#include "src/provider/placeholder.h"
#include "src/provider/visibility.h"

namespace casim::provider {
namespace {

// From 0; a slot spends a token with each machine that goes before anybody knows of it.
constexpr int kLastRound = 8;

constexpr const char* kCancelled = "Cancelled";
constexpr const char* kNotWanted = "the slot wants no machine any more";
constexpr const char* kLeftOut = "RunInstances left out a machine that it counts";

// What no code of EC2 says.
std::unexpected<ec2::AttemptError> unusable(std::string_view code, std::string message) {
  ec2::AttemptError error;
  error.code = ec2::ReplyCode::parse(code);
  error.message = std::move(message);
  return std::unexpected<ec2::AttemptError>(std::move(error));
}

MachineState state_of(ec2::InstanceState state) {
  switch (state) {
    case ec2::InstanceState::kPending:
      return MachineState::kPending;
    case ec2::InstanceState::kRunning:
    // Stopped from outside: the machine still exists, and the autoscaler deletes its unready node.
    case ec2::InstanceState::kStopping:
    case ec2::InstanceState::kStopped:
      return MachineState::kRunning;
    case ec2::InstanceState::kShuttingDown:
      return MachineState::kTerminating;
    case ec2::InstanceState::kTerminated:
      return MachineState::kGone;
  }
  return MachineState::kGone;
}

Machine to_machine(const ec2::Instance& instance) {
  Machine machine;
  machine.instance_id = instance.id;
  machine.provider_id = make_provider_id(instance.zone, instance.id);
  machine.token = slot_token_of(instance);
  machine.group = tag_of(instance, kGroupTag);
  machine.state = state_of(instance.state);
  const bool is_ending =
      machine.state == MachineState::kTerminating || machine.state == MachineState::kGone;
  // A termination that somebody asked for is no failure (ec2.md 1.5).
  if (is_ending && !instance.state_reason_code.empty() &&
      instance.state_reason_code != "Client.UserInitiatedShutdown") {
    machine.failure = make_failure(instance.state_reason_code, "instance " + instance.id);
  }
  return machine;
}

Error to_error(const ec2::AttemptError& error) {
  const SlotFailure known = failure_of(error);
  return Error{ErrorCode::kUnavailable, known.code + ": " + known.message};
}

// A replay also shows machines that have ended, for an hour.
bool is_ended(const ec2::Instance& instance) {
  return instance.state == ec2::InstanceState::kShuttingDown ||
         instance.state == ec2::InstanceState::kTerminated;
}

// Of a call whose first slot has that place. Machines of slots that are gone meanwhile are left to
// the reconciler.
void give_machines(const ec2::RunInstancesReply& reply, int first, std::map<int, SlotId>& waiting,
                   LaunchSink& sink) {
  for (const ec2::Instance& instance : reply.instances) {
    if (is_ended(instance)) continue;
    const auto slot = waiting.find(first + instance.ami_launch_index);
    if (slot == waiting.end()) continue;
    sink.on_answer({.slot = slot->second,
                    .instance_id = instance.id,
                    .provider_id = make_provider_id(instance.zone, instance.id),
                    .refused = std::nullopt});
    waiting.erase(slot);
  }
}

// Machines of the call that live, and the slots that wait for them.
void give_found(const std::vector<Machine>& machines, std::map<int, SlotId>& waiting,
                LaunchSink& sink) {
  for (const Machine& machine : machines) {
    const bool is_live =
        machine.state == MachineState::kPending || machine.state == MachineState::kRunning;
    if (!is_live) continue;
    const auto slot = waiting.find(parse_launch_token(machine.token).place);
    if (slot == waiting.end()) continue;
    sink.on_answer({.slot = slot->second,
                    .instance_id = machine.instance_id,
                    .provider_id = machine.provider_id,
                    .refused = std::nullopt});
    waiting.erase(slot);
  }
}

// Else the call need not be made again: what it may have launched all the same is nobody's, which
// the reconciler sees to.
bool is_any_wanted(const std::map<int, SlotId>& waiting, const LaunchSink& sink) {
  return std::ranges::any_of(waiting,
                             [&sink](const auto& entry) { return sink.is_wanted(entry.second); });
}

// Slots that nobody wants a machine for any more.
void drop_unwanted(std::map<int, SlotId>& waiting, LaunchSink& sink) {
  std::erase_if(waiting, [&sink](const auto& entry) {
    if (sink.is_wanted(entry.second)) return false;
    sink.on_answer({.slot = entry.second,
                    .instance_id = "",
                    .provider_id = "",
                    .refused = make_failure(kCancelled, kNotWanted)});
    return true;
  });
}

// Behind the last slot that the reply covers. A replay leaves out machines that EC2 has forgotten,
// an hour after their end.
int place_after(const ec2::RunInstancesReply& reply, int first) {
  int last = -1;
  for (const ec2::Instance& instance : reply.instances) {
    last = std::max(last, instance.ami_launch_index);
  }
  return first + last + 1;
}

bool is_spent(const ec2::Attempt<ec2::RunInstancesReply>& launched) {
  return !launched && launched.error().code == ec2::ErrorCode::kIdempotentInstanceTerminated;
}

// Nothing that lives comes of its token.
bool is_all_ended(const ec2::Attempt<ec2::RunInstancesReply>& launched) {
  return is_spent(launched) || (launched && std::ranges::all_of(launched->instances, is_ended));
}

// What shortages go by: Spot machines of a type are pools with quotas of their own.
std::string pool_type(const std::string& type, ec2::Lifecycle lifecycle) {
  return lifecycle == ec2::Lifecycle::kSpot ? type + " (Spot)" : type;
}

bool is_not_found(const ec2::AttemptError& error) {
  return error.code == ec2::ErrorCode::kInvalidInstanceIdNotFound;
}

}  // namespace

Ec2Machines::Ec2Machines(std::string cluster, Ports ports, Ec2MachinesOptions options)
    : cluster_(std::move(cluster)),
      ports_(std::move(ports)),
      options_(std::move(options)),
      terms_{cluster_, options_.image_id, options_.groups},
      client_({.api = ports_.api,
               .clock = ports_.clock,
               .random = ports_.random,
               .observer = ports_.observer},
              options_.retry, options_.rate_limits),
      shortages_(options_.ice_cooldown),
      launches_(ports_.executor, options_.launches_in_flight) {
  assert(!cluster_.empty());  // it would list, and terminate, the machines of others
}

Awaitable<void> Ec2Machines::launch(const GroupConfig& group, std::vector<LaunchItem> items,
                                    LaunchSink& sink) {
  std::vector<CallForSlots> calls;
  std::map<std::string, std::size_t> by_token;
  for (const LaunchItem& item : items) {
    LaunchToken token = parse_launch_token(item.token);
    const int place = token.place;
    const auto [entry, is_new] = by_token.emplace(token.call, calls.size());
    if (is_new) calls.push_back({std::move(token), item.zone, {}});
    calls[entry->second].waiting.emplace(place, item.slot);
  }
  std::vector<Awaitable<void>> tasks;
  for (CallForSlots& call : calls) tasks.push_back(launch_call(group, std::move(call), sink));
  co_await run_all(std::move(tasks));
}

Awaitable<void> Ec2Machines::launch_call(const GroupConfig& group, CallForSlots call,
                                         LaunchSink& sink) {
  // Held during retries as well: the more is throttled, the fewer calls there are.
  const Semaphore::Permit permit = co_await launches_.acquire();
  const SlotFailure reason = co_await try_pools(group, call, sink);
  for (const auto& [place, slot] : call.waiting) {
    sink.on_answer({.slot = slot, .instance_id = "", .provider_id = "", .refused = reason});
  }
}

Awaitable<SlotFailure> Ec2Machines::try_pools(const GroupConfig& group, CallForSlots& call,
                                              LaunchSink& sink) {
  // The first pool is the preferred one: its reason is the one to report.
  std::optional<SlotFailure> reason;
  for (const Pool& pool : pools_of(group, call.zone)) {
    if (!is_any_wanted(call.waiting, sink)) co_return make_failure(kCancelled, kNotWanted);
    const std::string type = pool_type(pool.type, group.lifecycle);
    if (const SlotFailure* known = shortages_.find(type, pool.zone, ports_.clock.now())) {
      if (!reason) reason = *known;
      continue;
    }
    const Launched launched = co_await launch_in(group, call, pool, sink);
    if (call.waiting.empty()) co_return SlotFailure();
    const TimePoint now = ports_.clock.now();
    if (launched) {
      shortages_.note_partial(type, pool.zone, now);
      if (call.first < call.token.size) continue;
      co_return make_failure("EmptyReply", kLeftOut);
    }
    SlotFailure failure = failure_of(launched.error());
    if (launch_error_of(launched.error()) != LaunchError::kOutOfResources) co_return failure;
    shortages_.note(type, pool.zone, launched.error(), now);
    if (!reason) reason = std::move(failure);
  }
  if (reason) co_return *std::move(reason);
  co_return make_failure("InsufficientInstanceCapacity", "a pool gave fewer than asked for");
}

// The reply that left some slots waiting, or the error.
Awaitable<Ec2Machines::Launched> Ec2Machines::launch_in(const GroupConfig& group,
                                                        CallForSlots& call, const Pool& pool,
                                                        LaunchSink& sink) {
  if (!call.is_spent) {
    ec2::RunInstancesRequest request = request_for_rest(terms_, group, call, pool);
    Launched launched = co_await run_instances(std::move(request), call, sink);
    if (launched) {
      give_machines(*launched, call.first, call.waiting, sink);
      call.first = place_after(*launched, call.first);
    }
    // Their machines have ended: the reply covers them, and gave them none.
    const bool is_any_passed =
        launched && !call.waiting.empty() && call.waiting.begin()->first < call.first;
    if (!is_spent(launched) && !is_any_passed) co_return launched;
    const ec2::Attempt<void> found = co_await find_launched(call, sink);
    if (!found) co_return std::unexpected<ec2::AttemptError>(found.error());
    call.is_spent = true;
  }
  while (true) {
    drop_unwanted(call.waiting, sink);
    if (call.waiting.empty()) break;
    const int place = call.waiting.begin()->first;
    Launched launched = co_await launch_one(group, call, pool, sink);
    if (!launched) co_return launched;
    give_machines(*launched, place, call.waiting, sink);
    if (call.waiting.contains(place)) co_return unusable("EmptyReply", kLeftOut);
  }
  co_return Launched();
}

// A token of the call is spent: EC2 accepted it once, has terminated what it gave, or part of that,
// and answers nothing else to it for a day. Nothing more can come of it, so a slot whose machine of
// it does not live can have another token without a double. Of a call for several EC2 does not say
// which live, hence the list, once all that it gave can be seen.
Awaitable<ec2::Attempt<void>> Ec2Machines::find_launched(CallForSlots& call, LaunchSink& sink) {
  if (call.token.size == 1) co_return ec2::Attempt<void>();
  co_await ports_.clock.sleep_for(kVisibilityGrace);
  const Found found = co_await find(kTokenTag, call.token.call);
  if (!found) co_return std::unexpected<ec2::AttemptError>(found.error());
  give_found(*found, call.waiting, sink);
  co_return ec2::Attempt<void>();
}

Awaitable<Ec2Machines::Launched> Ec2Machines::launch_one(const GroupConfig& group,
                                                         const CallForSlots& call, const Pool& pool,
                                                         LaunchSink& sink) {
  const int place = call.waiting.begin()->first;
  for (int round = 0;; ++round) {
    ec2::RunInstancesRequest request = request_for_one(terms_, group, call, pool, place, round);
    Launched launched = co_await run_instances(std::move(request), call, sink);
    if (!is_all_ended(launched) || round == kLastRound) co_return launched;
  }
}

Awaitable<Ec2Machines::Launched> Ec2Machines::run_instances(ec2::RunInstancesRequest request,
                                                            const CallForSlots& call,
                                                            const LaunchSink& sink) {
  const std::uint64_t slot = call.waiting.begin()->second.value();
  Jitter jitter{.key = hash_combine(slot, hash_bytes(request.client_token))};
  Relaunch relaunch(options_.relaunch, ports_.clock.now());
  while (true) {
    ec2::RunInstancesRequest again = request;
    Launched launched = co_await client_.send(std::move(again), jitter);
    if (launched && launched->instances.empty()) {
      co_return unusable("EmptyReply", "RunInstances succeeded without an instance");
    }
    if (launched) co_return launched;
    const LaunchError error = launch_error_of(launched.error());
    const double u = ports_.random.uniform("provider.relaunch", jitter.key, jitter.failures);
    const std::optional<Duration> delay = relaunch.delay_after(error, u, ports_.clock.now());
    if (!delay) co_return launched;
    ports_.observer.on_wait({ec2::Action::kRunInstances, Ec2Wait::Why::kAgain,
                             ec2::reason_of(launched.error()), *delay});
    co_await ports_.clock.sleep_for(*delay);
    if (!is_any_wanted(call.waiting, sink)) co_return launched;
  }
}

Awaitable<Result<std::vector<Machine>>> Ec2Machines::list() {
  Found found = co_await find(kClusterTag, cluster_);
  if (!found) co_return std::unexpected<Error>(to_error(found.error()));
  co_return *std::move(found);
}

Awaitable<Ec2Machines::Found> Ec2Machines::find(std::string tag, std::string value) {
  std::vector<Machine> machines;
  std::set<std::string> seen;  // page tokens: one that comes again would never end
  ec2::DescribeInstancesRequest request;
  request.filters.push_back({"tag:" + tag, {value}});
  request.max_results = options_.page_size;
  do {
    ec2::DescribeInstancesRequest page_request = request;
    Jitter jitter{.key = hash_combine(hash_bytes("list"), machines.size())};
    ec2::Attempt<ec2::DescribeInstancesReply> page =
        co_await client_.send(std::move(page_request), jitter);
    if (!page) co_return std::unexpected<ec2::AttemptError>(page.error());
    for (const ec2::Instance& instance : page->instances) {
      if (tag_of(instance, tag) != value) continue;  // a filter's value may match others, too
      machines.push_back(to_machine(instance));
    }
    request.next_token = page->next_token;
    if (!seen.insert(request.next_token).second) {
      co_return unusable("RepeatedPageToken", "DescribeInstances gave a page token again");
    }
  } while (!request.next_token.empty());
  co_return machines;
}

Awaitable<ec2::Attempt<void>> Ec2Machines::terminate(std::vector<std::string> ids) {
  Jitter jitter{.key = hash_bytes(ids.front())};
  ec2::TerminateInstancesRequest request;
  request.instance_ids = std::move(ids);
  const ec2::Attempt<ec2::TerminateInstancesReply> done =
      co_await client_.send(std::move(request), jitter);
  if (!done) co_return std::unexpected<ec2::AttemptError>(done.error());
  co_return ec2::Attempt<void>();
}

// One id that EC2 does not know fails a call with nothing terminated (ec2.md 1.4), so such a chunk
// is halved until only the unknown ids are left out.
Awaitable<Result<void>> Ec2Machines::remove(std::vector<std::string> instance_ids) {
  std::vector<std::vector<std::string>> chunks;  // a stack
  const auto most = static_cast<std::size_t>(options_.terminate_chunk);
  for (std::size_t from = 0; from < instance_ids.size(); from += most) {
    const std::size_t to = std::min(from + most, instance_ids.size());
    chunks.emplace_back(instance_ids.begin() + static_cast<std::ptrdiff_t>(from),
                        instance_ids.begin() + static_cast<std::ptrdiff_t>(to));
  }
  std::ranges::reverse(chunks);
  Result<void> outcome;
  while (!chunks.empty()) {
    std::vector<std::string> chunk = std::move(chunks.back());
    chunks.pop_back();
    std::vector<std::string> ids = chunk;
    const ec2::Attempt<void> done = co_await terminate(std::move(ids));
    if (done) continue;
    if (is_not_found(done.error()) && chunk.size() > 1) {
      const auto middle = chunk.begin() + static_cast<std::ptrdiff_t>(chunk.size() / 2);
      chunks.emplace_back(middle, chunk.end());
      chunks.emplace_back(chunk.begin(), middle);
    } else if (outcome) {
      outcome = std::unexpected<Error>(to_error(done.error()));
    }
  }
  co_return outcome;
}

}  // namespace casim::provider
