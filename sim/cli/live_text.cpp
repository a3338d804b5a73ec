#include "sim/cli/live_text.h"

#include <variant>

#include <fmt/format.h>

#include "sim/cli/replay.h"
#include "sim/explain/fact_words.h"
#include "sim/live/live_faults.h"
#include "src/config/value.h"

namespace casim::sim {
namespace {

std::string flag_text(const std::string& name, const config::Value& value) {
  const std::string* text = value.as_string();
  return shell_word(
      fmt::format("--{}={}", name, text != nullptr ? *text : config::to_json(value, -1)));
}

std::string autoscaler_command(const Scenario& scenario, const LivePlace& place) {
  std::string command = "cluster-autoscaler --cloud-provider=externalgrpc";
  command +=
      " --cloud-config=" + (place.cloud_config.empty() ? "FILE" : shell_word(place.cloud_config));
  if (!place.kubeconfig.empty()) command += " --kubeconfig=" + shell_word(place.kubeconfig);
  for (const auto& [name, value] : scenario.autoscaler.flags) {
    command += " " + flag_text(name, value);
  }
  return command;
}

// Facts of machines, nodes and faults; those of calls are too many.
bool is_told(const Fact& fact) {
  if (const auto* call = std::get_if<MutationHandled>(&fact)) return call->code != 0;
  return std::holds_alternative<IncreaseSizeCommitted>(fact) ||
         std::holds_alternative<InstanceLaunched>(fact) ||
         std::holds_alternative<InstanceTerminated>(fact) ||
         std::holds_alternative<NodeRegistered>(fact) || std::holds_alternative<NodeReady>(fact) ||
         std::holds_alternative<NodeNotReady>(fact) || std::holds_alternative<NodeGone>(fact) ||
         std::holds_alternative<SlotFailed>(fact) || std::holds_alternative<SlotCancelled>(fact) ||
         std::holds_alternative<FaultBegan>(fact) || std::holds_alternative<FaultEnded>(fact) ||
         std::holds_alternative<ProviderCrashed>(fact) ||
         std::holds_alternative<ProviderStarted>(fact);
}

}  // namespace

std::string cloud_config_text(const std::string& address) {
  return fmt::format("address: \"{}\"\n", address);
}

std::string live_greeting(const Scenario& scenario, const LivePlace& place, double speed) {
  std::string text = fmt::format("the provider listens at {}", place.address);
  if (speed != 1) text += fmt::format("; its machines live {:g} times as fast as real ones", speed);
  text += "\n";
  for (const NodeGroupConfig& group : scenario.node_groups) {
    text += fmt::format("  group {}: {} to {}, {} there, of {}\n", group.name, group.min, group.max,
                        counted(group.initial, "node"), fmt::join(group.instance_types, ", "));
  }
  if (place.cloud_config.empty()) {
    text += fmt::format("a file for --cloud-config holds:  {}", cloud_config_text(place.address));
  }
  return text + "start the autoscaler with\n  " + autoscaler_command(scenario, place) +
         "\nCtrl-C ends it\n";
}

std::string unplayed_text(const Scenario& scenario) {
  std::string text;
  if (!scenario.workloads.empty()) {
    text += fmt::format("{} not played: the pods are the cluster's own\n",
                        scenario.workloads.size() == 1
                            ? "workload " + scenario.workloads.front().name + " is"
                            : fmt::format("{} workloads are", scenario.workloads.size()));
  }
  const FaultChoice faults = live_faults(scenario.faults);
  if (!faults.left_out.empty()) {
    text +=
        fmt::format("faults of these kinds are left out, as what they befall is real here: {}\n",
                    fmt::join(faults.left_out, ", "));
  }
  return text;
}

std::string account_text(const FleetAccount& account, Duration length) {
  std::string text = fmt::format(
      "{:.0f} s, {} of the autoscaler\n"
      "  {} for {}: {} launched, {} registered, {} joined, {} failed, {} terminated\n",
      to_seconds(length), counted(account.all_calls(), "call"), counted(account.orders, "order"),
      counted(account.ordered, "machine"), account.launched, account.registered, account.joined,
      account.failed, account.terminated);
  if (!account.machines) {
    return text + "  leaked and doubled machines: not known, as the provider was never at rest\n";
  }
  text +=
      fmt::format("  {} leaked, {} doubled", account.machines->leaked, account.machines->doubled);
  if (!account.machines->first.empty()) text += ": " + account.machines->first;
  return text + "\n";
}

void LiveStory::on_fact(TimePoint at, const Fact& fact) {
  if (const auto* node = std::get_if<NodeRegistered>(&fact)) names_[node->node] = node->name;
  if (at > kTimeZero && is_told(fact)) {  // what is there from the start is no news
    const FactWords words = words_of(fact, {.pod = [](PodId) { return std::string("a pod"); },
                                            .node = [this](NodeId id) { return names_[id]; }});
    if (!words.one.empty()) {
      fmt::print(out_, "{:>9.1f} s  {}\n", to_seconds(at.time_since_epoch()), words.one);
      std::fflush(out_);
    }
  }
  if (const auto* node = std::get_if<NodeGone>(&fact)) names_.erase(node->node);
}

}  // namespace casim::sim
