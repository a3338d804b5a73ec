// Machines without EC2: answers by script, remembers what it was asked. A token keeps its machine,
// as the port demands.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/core/clock.h"
#include "src/provider/placeholder.h"
#include "src/provider/ports.h"

namespace casim::provider {

class FakeMachines : public Machines {
 public:
  explicit FakeMachines(Clock& clock) : clock_(clock) {}

  Awaitable<void> launch(const GroupConfig& group, std::vector<LaunchItem> items,
                         LaunchSink& sink) override {
    launches.push_back(items);
    const std::string name = group.id;
    for (const LaunchItem& item : items) {
      co_await clock_.sleep_for(launch_latency);
      LaunchAnswer answer;
      answer.slot = item.slot;
      if (const auto refusal = refusals.find(item.slot); refusal != refusals.end()) {
        answer.refused = refusal->second;
      } else {
        const Machine machine = make(name, item);
        if (!late_ids) {
          answer.instance_id = machine.instance_id;
          answer.provider_id = machine.provider_id;
        }
      }
      co_await clock_.sleep_for(reply_latency);
      sink.on_answer(answer);
    }
  }

  Awaitable<Result<std::vector<Machine>>> list() override {
    ++lists;
    if (list_error) co_return std::unexpected<Error>(*list_error);
    std::vector<Machine> seen;
    for (const auto& [id, machine] : machines) {
      if (!hidden.contains(id)) seen.push_back(machine);
    }
    co_await clock_.sleep_for(list_latency);
    co_return seen;
  }

  Awaitable<Result<void>> remove(std::vector<std::string> instance_ids) override {
    removals.push_back(instance_ids);
    if (remove_error) co_return std::unexpected<Error>(*remove_error);
    for (const std::string& id : instance_ids) {
      const auto machine = machines.find(id);
      if (machine == machines.end()) continue;
      if (machine->second.state != MachineState::kGone) {
        machine->second.state = MachineState::kTerminating;
      }
    }
    co_return Result<void>();
  }

  // The machine of the token, made by the first who asks.
  Machine make(const std::string& group, const LaunchItem& item) {
    for (const auto& [id, machine] : machines) {
      if (machine.token == item.token) return machine;
    }
    Machine machine;
    machine.instance_id = "i-" + std::to_string(next_++);
    machine.provider_id = make_provider_id(item.zone, machine.instance_id);
    machine.token = item.token;
    machine.group = group;
    machine.state = MachineState::kPending;
    machines[machine.instance_id] = machine;
    return machine;
  }

  // What was terminating is gone.
  void finish_terminations() {
    for (auto& [id, machine] : machines) {
      if (machine.state == MachineState::kTerminating) machine.state = MachineState::kGone;
    }
  }

  std::set<std::string> live() const {
    std::set<std::string> ids;
    for (const auto& [id, machine] : machines) {
      if (machine.state == MachineState::kPending || machine.state == MachineState::kRunning) {
        ids.insert(id);
      }
    }
    return ids;
  }

  Duration launch_latency = std::chrono::seconds(1);  // of each item, one after the other
  Duration reply_latency{};                           // from the machine to the answer
  Duration list_latency{};
  bool late_ids = false;  // accepts without an id, as a controller does
  std::map<SlotId, SlotFailure> refusals;
  std::optional<Error> list_error;
  std::optional<Error> remove_error;

  std::map<std::string, Machine> machines;
  std::set<std::string> hidden;  // not shown by list()
  std::vector<std::vector<LaunchItem>> launches;
  std::vector<std::vector<std::string>> removals;
  int lists = 0;

 private:
  Clock& clock_;
  int next_ = 1;
};

}  // namespace casim::provider
