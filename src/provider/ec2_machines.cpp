#include "src/provider/ec2_machines.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "src/async/run_all.h"
#include "src/provider/failure.h"
#include "src/provider/placeholder.h"

namespace casim::provider {
namespace {

std::vector<std::string> zones_from(const std::string& preferred,
                                    const std::vector<std::string>& zones) {
  std::vector<std::string> order = zones;
  std::ranges::stable_partition(order, [&](const std::string& zone) { return zone == preferred; });
  return order;
}

std::string tag_of(const ec2::Instance& instance, std::string_view key) {
  const auto tag = std::ranges::find(instance.tags, key, &ec2::Tag::key);
  return tag == instance.tags.end() ? std::string() : tag->value;
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

// Of a call whose first slot has that place. Machines of slots that are gone meanwhile are left to
// the reconciler.
void give_machines(const ec2::RunInstancesReply& reply, int first, std::map<int, SlotId>& waiting,
                   LaunchSink& sink) {
  for (const ec2::Instance& instance : reply.instances) {
    const auto slot = waiting.find(first + instance.ami_launch_index);
    if (slot == waiting.end()) continue;
    sink.on_answer({.slot = slot->second,
                    .instance_id = instance.id,
                    .provider_id = make_provider_id(instance.zone, instance.id),
                    .refused = std::nullopt});
    waiting.erase(slot);
  }
}

bool is_not_found(const ec2::AttemptError& error) {
  return error.code == ec2::ErrorCode::kInvalidInstanceIdNotFound;
}

}  // namespace

std::string slot_token_of(const ec2::Instance& instance) {
  const std::string call = tag_of(instance, kTokenTag);
  const std::string first = tag_of(instance, kFirstTag);
  if (first.empty()) return call;
  int place = 0;
  std::from_chars(first.data(), first.data() + first.size(), place);
  return slot_token_at(call, place + instance.ami_launch_index);
}

std::vector<ec2::Tag> machine_tags(const std::string& cluster, const std::string& group,
                                   SlotId slot, const std::string& token) {
  return {{kClusterTag, cluster},
          {kGroupTag, group},
          {kSlotTag, std::to_string(slot.value())},
          {kTokenTag, token}};
}

Ec2Machines::Ec2Machines(std::string cluster, Ports ports, Ec2MachinesOptions options)
    : cluster_(std::move(cluster)),
      ports_(std::move(ports)),
      options_(std::move(options)),
      client_({.api = ports_.api,
               .clock = ports_.clock,
               .random = ports_.random,
               .observer = ports_.observer},
              options_.retry),
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
  const std::vector<std::string> zones = zones_from(call.zone, group.zones);
  for (const std::string& zone : zones) {
    for (const std::string& type : group.instance_types) {
      if (const SlotFailure* known = shortages_.find(type, zone, ports_.clock.now())) {
        if (!reason) reason = *known;
        continue;
      }
      const SlotId slot = call.waiting.begin()->second;
      ec2::RunInstancesRequest request = request_for(group, call, zone, type);
      const Launched launched = co_await run_instances(std::move(request), slot.value());
      const TimePoint now = ports_.clock.now();
      if (launched) {
        give_machines(*launched, call.first, call.waiting, sink);
        if (call.waiting.empty()) co_return SlotFailure();
        shortages_.note_partial(type, zone, now);
        call.first += static_cast<int>(launched->instances.size());
        if (call.first >= call.token.size) {
          co_return make_failure("EmptyReply", "RunInstances left out a machine that it counts");
        }
        continue;
      }
      SlotFailure failure = failure_of(launched.error());
      if (launch_error_of(launched.error()) != LaunchError::kOutOfResources) co_return failure;
      shortages_.note(type, zone, launched.error(), now);
      if (!reason) reason = std::move(failure);
    }
  }
  if (reason) co_return *std::move(reason);
  co_return make_failure("InsufficientInstanceCapacity", "a pool gave fewer than asked for");
}

// Asks for all slots from the first that no reply has covered to the last of the call, whatever
// became of them, so that a replay has the same token and parameters.
ec2::RunInstancesRequest Ec2Machines::request_for(const GroupConfig& group,
                                                  const CallForSlots& call, const std::string& zone,
                                                  const std::string& type) const {
  ec2::RunInstancesRequest request;
  request.max_count = call.token.size - call.first;
  request.instance_type = type;
  request.zone = zone;
  request.image_id = options_.image_id;
  request.lifecycle = options_.lifecycle;
  const auto pool = static_cast<std::uint32_t>(hash_bytes(type + "/" + zone));
  if (call.token.size == 1) {
    request.client_token = fmt::format("{}-{:08x}", call.token.call, pool);
    request.tags = machine_tags(cluster_, group.id, call.waiting.begin()->second, call.token.call);
  } else {
    request.client_token = fmt::format("{}-{}-{:08x}", call.token.call, call.first, pool);
    request.tags = {{kClusterTag, cluster_},
                    {kGroupTag, group.id},
                    {kTokenTag, call.token.call},
                    {kFirstTag, std::to_string(call.first)}};
  }
  return request;
}

Awaitable<Ec2Machines::Launched> Ec2Machines::run_instances(ec2::RunInstancesRequest request,
                                                            std::uint64_t slot) {
  Jitter jitter{.key = hash_combine(slot, hash_bytes(request.client_token))};
  Relaunch relaunch(options_.relaunch, ports_.clock.now());
  while (true) {
    ec2::RunInstancesRequest again = request;
    Launched launched = co_await client_.send(std::move(again), jitter);
    if (launched && launched->instances.empty()) {
      ec2::AttemptError error;
      error.code = ec2::ReplyCode::parse("EmptyReply");
      error.message = "RunInstances succeeded without an instance";
      co_return std::unexpected<ec2::AttemptError>(std::move(error));
    }
    if (launched) co_return launched;
    const LaunchError error = launch_error_of(launched.error());
    const double u = ports_.random.uniform("provider.relaunch", jitter.key, jitter.failures);
    const std::optional<Duration> delay = relaunch.delay_after(error, u, ports_.clock.now());
    if (!delay) co_return launched;
    ports_.observer.on_wait({ec2::Action::kRunInstances, Ec2Wait::Why::kAgain,
                             ec2::reason_of(launched.error()), *delay});
    co_await ports_.clock.sleep_for(*delay);
  }
}

Awaitable<Result<std::vector<Machine>>> Ec2Machines::list() {
  std::vector<Machine> machines;
  ec2::DescribeInstancesRequest request;
  request.filters.push_back({std::string("tag:") + kClusterTag, {cluster_}});
  request.max_results = options_.page_size;
  do {
    ec2::DescribeInstancesRequest page_request = request;
    Jitter jitter{.key = hash_combine(hash_bytes("list"), machines.size())};
    ec2::Attempt<ec2::DescribeInstancesReply> page =
        co_await client_.send(std::move(page_request), jitter);
    if (!page) co_return std::unexpected<Error>(to_error(page.error()));
    for (const ec2::Instance& instance : page->instances) {
      machines.push_back(to_machine(instance));
    }
    request.next_token = page->next_token;
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
