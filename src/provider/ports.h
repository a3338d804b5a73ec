// What the provider needs from outside: durable storage, machines, and somebody who watches.
// Production implements them with SQLite, EC2 and nothing; the simulator with virtual latency,
// the EC2 model or simulated controllers, and facts.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "src/core/asio.h"
#include "src/core/id.h"
#include "src/core/result.h"
#include "src/provider/types.h"

namespace casim::provider {

// One change of what is stored. Slots are the whole state: a group's target follows from them.
struct Batch {
  std::vector<Slot> put;
  std::vector<SlotId> erase;
};

// What a provider starts from.
struct StoredState {
  std::vector<Slot> slots;  // by id
  SlotId next_slot{0};
  std::uint64_t epoch = 0;  // starts of the provider on this store, this one included
};

// Durable slots. One provider at a time.
class Store {
 public:
  virtual ~Store() = default;
  // Also counts the start. Fails when the store is damaged or newer than we are.
  virtual Result<StoredState> load() = 0;
  // All of the batch or nothing, durable when it answers OK. Batches commit in order of calling.
  virtual Awaitable<Result<void>> commit(Batch batch) = 0;
};

// A slot that asks for a machine.
struct LaunchItem {
  SlotId slot;
  std::string token;
  std::string zone;  // preferred, to spread a group evenly; the others follow in their order
};

// What became of it.
struct LaunchAnswer {
  SlotId slot;
  std::string instance_id;  // when accepted; empty: known later, by token through list()
  std::string provider_id;
  std::optional<SlotFailure> refused;  // set when not accepted
};

// Where launches are answered, each slot as soon as its own answer is known: a slot that is
// throttled for minutes must not hide that its neighbours run.
class LaunchSink {
 public:
  virtual ~LaunchSink() = default;
  virtual void on_answer(LaunchAnswer answer) = 0;
  // False: cancelled meanwhile. What was launched is still answered, but nothing more is for it.
  virtual bool is_wanted(SlotId slot) const = 0;
};

// As much of a machine's state as slots hang on. Stopped ones count as running.
enum class MachineState { kPending, kRunning, kTerminating, kGone };

// One that exists or existed, as list() shows it.
struct Machine {
  std::string instance_id;
  std::string provider_id;
  std::string token;
  std::string group;
  MachineState state = MachineState::kPending;
  std::optional<SlotFailure> failure;  // why it went, when it failed after it was accepted
};

// Makes and removes machines. Errors are told after the retries that are inside.
class Machines {
 public:
  virtual ~Machines() = default;
  // Asks for one machine per item, with retries inside, those whose tokens name one call together.
  // A token that was accepted before is answered with the machine it got then. Exactly one answer
  // per item, in any order, before this ends. Group and sink outlive the call; a call that is
  // cancelled answers no more.
  virtual Awaitable<void> launch(const GroupConfig& group, std::vector<LaunchItem> items,
                                 LaunchSink& sink) = 0;
  // All machines that carry our tags, terminated ones as long as they are visible.
  virtual Awaitable<Result<std::vector<Machine>>> list() = 0;
  // OK also for machines that are gone or going. On an error some may have been removed.
  virtual Awaitable<Result<void>> remove(std::vector<std::string> instance_ids) = 0;
};

// Told after the fact; never blocks, never fails. `call` is the RPC that caused it, if any.
class Observer {
 public:
  virtual ~Observer() = default;

  virtual void on_started(std::uint64_t /*epoch*/) {}

  // Of a group at the provider's start, then whenever it has changed durably.
  virtual void on_target(const std::string& /*group*/, int /*target*/) {}

  virtual void on_increase_committed(const std::string& /*group*/, CallId,
                                     std::span<const Slot> /*slots*/) {}

  virtual void on_launch_requested(const Slot&) {}

  virtual void on_launch_accepted(const Slot&) {}

  virtual void on_slot_failed(const Slot&) {}

  virtual void on_joined(const Slot&) {}

  virtual void on_deleting(const Slot&, CallId) {}

  virtual void on_cancelled(const Slot&, CallId) {}

  virtual void on_slot_gone(const Slot&) {}  // freed: terminated, vanished, or never had a machine
};

}  // namespace casim::provider
