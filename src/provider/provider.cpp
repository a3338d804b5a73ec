#include "src/provider/provider.h"

#include <algorithm>
#include <cassert>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "src/async/task_scope.h"
#include "src/provider/effects.h"
#include "src/provider/join_timer.h"
#include "src/provider/journal.h"
#include "src/provider/launcher.h"
#include "src/provider/mutations.h"
#include "src/provider/node_kind.h"
#include "src/provider/pricing.h"
#include "src/provider/reconciler.h"
#include "src/provider/slot_table.h"
#include "src/provider/terminator.h"

namespace casim::provider {
namespace {

constexpr const char* kInstanceTypeLabel = "node.kubernetes.io/instance-type";

std::unexpected<Error> unknown_group(const std::string& group) {
  return failure(ErrorCode::kNotFound, "node group '" + group + "' is unknown");
}

}  // namespace

struct Provider::State {
  State(Config c, Ports p);

  const GroupConfig* find_config(const std::string& group) const;
  const Slot* find_joining(const NodeRef& node) const;
  std::vector<Slot> requested_of(const std::string& group) const;

  Change commit_increase(const GroupConfig& group, std::vector<Slot> slots, CallId call);
  Result<Change> plan_join(const NodeRef& node);
  Change plan_never_joined(const std::string& group, const std::set<SlotId>& overdue);
  Awaitable<void> work();

  const Config config;
  const Ports ports;
  std::map<std::string, const GroupConfig*> configs;  // by id
  std::uint64_t epoch = 0;
  SlotTable table;
  TaskScope scope;
  Journal journal;
  Terminator terminator;
  Launcher launcher;
  Reconciler reconciler;
  JoinTimer join_timer;
};

Provider::State::State(Config c, Ports p)
    : config(std::move(c)),
      ports(std::move(p)),
      scope(ports.executor),
      journal(table, ports.store, ports.observer, ports.clock, scope),
      terminator(ports.clock, ports.machines, scope, config.terminate_window),
      launcher({ports.clock, ports.machines, ports.observer, scope, table, journal, terminator},
               config),
      reconciler({ports.clock, ports.machines, ports.observer, ports.random, table, journal,
                  launcher, terminator},
                 config.reconcile),
      join_timer(config.join_timeout) {
  for (const GroupConfig& group : config.groups) configs.emplace(group.id, &group);
}

const GroupConfig* Provider::State::find_config(const std::string& group) const {
  const auto entry = configs.find(group);
  return entry == configs.end() ? nullptr : entry->second;
}

// The slot whose machine this node is, if that has not joined.
const Slot* Provider::State::find_joining(const NodeRef& node) const {
  if (!is_registered_node(node)) return nullptr;
  const Resolved known = table.resolve(node.provider_id);
  if (known.kind != Resolved::Kind::kSlot || known.by_placeholder) return nullptr;
  return may_join(*known.slot) ? known.slot : nullptr;
}

std::vector<Slot> Provider::State::requested_of(const std::string& group) const {
  std::vector<Slot> slots;
  for (const auto& [id, slot] : table.of_group(group)) {
    if (slot->state == SlotState::kRequested) slots.push_back(*slot);
  }
  return slots;
}

Change Provider::State::commit_increase(const GroupConfig& group, std::vector<Slot> slots,
                                        CallId call) {
  Change change;
  change.batch.put = slots;
  change.after = [this, &group, slots = std::move(slots), call] {
    ports.observer.on_increase_committed(group.id, call, slots);
    launcher.launch(group, slots);
  };
  return change;
}

Result<Change> Provider::State::plan_join(const NodeRef& node) {
  Effects effects;
  // Looked up again: while this waited for its turn the machine may have been deleted.
  if (const Slot* slot = find_joining(node)) join_slot(*slot, node.name, effects);
  return std::move(effects).into_change(ports.observer, terminator, CallId());
}

Change Provider::State::plan_never_joined(const std::string& group,
                                          const std::set<SlotId>& overdue) {
  Effects effects;
  for (const auto& [id, slot] : table.of_group(group)) {
    if (slot->state != SlotState::kCreating || !overdue.contains(id)) continue;
    fail_slot(*slot,
              SlotFailure{.code = "NeverJoined",
                          .message = "instance " + slot->instance_id + " has not joined in time",
                          .error_class = SlotFailure::kOther},
              effects);
  }
  return std::move(effects).into_change(ports.observer, terminator, CallId());
}

// After a restart the tags are read first: a machine whose acceptance the last epoch could not
// record is adopted instead of asked for again. The token protects from a second one in any case,
// so a list that fails delays nothing.
Awaitable<void> Provider::State::work() {
  if (!table.all().empty()) {
    co_await reconciler.pass();
    for (const GroupConfig& group : config.groups) {
      std::vector<Slot> waiting = requested_of(group.id);
      std::erase_if(waiting, [this](const Slot& s) { return launcher.is_in_flight(s.id); });
      launcher.launch_again(group, waiting);
    }
  }
  co_await reconciler.run(epoch);
}

Provider::Provider(Config config, Ports ports)
    : state_(std::make_unique<State>(std::move(config), std::move(ports))) {
  assert(validate(state_->config).empty());
}

Provider::~Provider() = default;

Result<void> Provider::start() {
  State& s = *state_;
  assert(s.epoch == 0);
  Result<StoredState> stored = s.ports.store.load();
  if (!stored) return std::unexpected<Error>(stored.error());
  s.epoch = stored->epoch;
  s.table.load(std::move(*stored));
  s.join_timer.start(s.table, s.ports.clock.now());
  s.ports.observer.on_started(s.epoch);
  for (const GroupConfig& group : s.config.groups) {
    s.ports.observer.on_target(group.id, s.table.target(group.id));
  }
  s.scope.spawn(s.work());
  return {};
}

void Provider::cancel() {
  state_->journal.stop();
  state_->scope.cancel();
}

bool Provider::is_unwound() const { return state_->scope.empty(); }

std::uint64_t Provider::generation(const std::string& group) const {
  return state_->configs.contains(group) ? state_->table.generation(group) : 0;
}

std::uint64_t Provider::generation_of_all() const { return state_->table.generation_of_all(); }

std::uint64_t Provider::generation_of_node(const std::string& provider_id) const {
  return state_->table.generation_of_node(provider_id);
}

std::uint64_t Provider::epoch() const { return state_->epoch; }

std::span<const GroupConfig> Provider::groups() const { return state_->config.groups; }

Result<int> Provider::target_size(const std::string& group) const {
  if (state_->find_config(group) == nullptr) return unknown_group(group);
  return state_->table.target(group);
}

Result<std::vector<Instance>> Provider::nodes(const std::string& group) const {
  if (state_->find_config(group) == nullptr) return unknown_group(group);
  return state_->table.list(group);
}

Result<NodeTemplate> Provider::template_node(const std::string& group) const {
  const GroupConfig* config = state_->find_config(group);
  if (config == nullptr) return unknown_group(group);
  if (config->node_template.allocatable == Resources()) {
    return failure(ErrorCode::kUnimplemented, "node group '" + group + "' has no template");
  }
  return config->node_template;
}

Result<GroupOptions> Provider::options(const std::string& group) const {
  const GroupConfig* config = state_->find_config(group);
  if (config == nullptr) return unknown_group(group);
  if (!config->options) {
    return failure(ErrorCode::kUnimplemented, "node group '" + group + "' sets no options");
  }
  return *config->options;
}

const std::string& Provider::gpu_label() const { return state_->config.gpu_label; }

std::vector<std::string> Provider::gpu_types() const {
  std::set<std::string> types;
  for (const GroupConfig& group : state_->config.groups) {
    const auto label = group.node_template.labels.find(state_->config.gpu_label);
    if (label != group.node_template.labels.end()) types.insert(label->second);
  }
  return {types.begin(), types.end()};
}

// Templates and upcoming nodes have no machine; they are priced by their instance type.
Result<double> Provider::node_price(const NodeRef& node, WallTime start, WallTime end) const {
  if (const GroupConfig* group = find_group(node)) return price_of(*group, start, end);
  const auto type = node.labels.find(kInstanceTypeLabel);
  if (type != node.labels.end()) {
    for (const GroupConfig& group : state_->config.groups) {
      if (group.instance_types.front() == type->second) return price_of(group, start, end);
    }
  }
  return failure(ErrorCode::kNotFound, "node '" + node.name + "' has no known price");
}

Result<double> Provider::pod_price(const Resources& requests, WallTime start, WallTime end) const {
  return price_of_pod(state_->config.groups, requests, start, end);
}

const GroupConfig* Provider::find_group(const NodeRef& node) const {
  const Resolved known = state_->table.resolve(node.provider_id);
  if (known.kind == Resolved::Kind::kUnknown) return nullptr;
  // The Node object of a machine that was deleted stays for a while, and the autoscaler fails when
  // it belongs to nobody (externalgrpc.md 5.1 item 8).
  if (known.kind == Resolved::Kind::kGone && !known.was_deleted) return nullptr;
  return state_->find_config(known.group);
}

bool Provider::is_first_join(const NodeRef& node) const {
  return state_->find_joining(node) != nullptr;
}

Awaitable<Result<const GroupConfig*>> Provider::group_for_node(NodeRef node, CallId /*call*/) {
  State& s = *state_;
  if (const Slot* slot = s.find_joining(node)) {
    std::string group = slot->group;
    Journal::Plan plan = [&s, node] { return s.plan_join(node); };
    const Result<void> joined = co_await s.journal.submit(std::move(group), std::move(plan));
    // Nothing else may fail here: one error for one node stops all scaling (externalgrpc.md 4.9).
    // A join that could not be stored is the next call's first join again.
    if (!joined && s.journal.is_stopped()) co_return std::unexpected<Error>(joined.error());
  }
  co_return find_group(node);
}

Awaitable<Result<void>> Provider::refresh(CallId /*call*/) {
  State& s = *state_;
  const std::vector<SlotId> due = s.join_timer.on_refresh(s.table, s.ports.clock.now());
  const std::set<SlotId> overdue(due.begin(), due.end());
  std::set<std::string> groups;
  for (const SlotId id : due) groups.insert(s.table.find(id)->group);
  for (const std::string& group : groups) {
    Journal::Plan plan = [&s, group, overdue] {
      return Result<Change>(s.plan_never_joined(group, overdue));
    };
    const Result<void> done = co_await s.journal.submit(group, std::move(plan));
    // A Refresh that fails costs the autoscaler its whole loop; the next one tries again.
    if (!done && s.journal.is_stopped()) co_return std::unexpected<Error>(done.error());
  }
  co_return Result<void>();
}

Awaitable<Result<void>> Provider::increase_size(std::string group, int delta, CallId call) {
  State& s = *state_;
  const GroupConfig* config = s.find_config(group);
  if (config == nullptr) co_return unknown_group(group);
  if (delta <= 0) {
    co_return failure(ErrorCode::kInvalidArgument, "size increase must be positive");
  }
  Journal::Plan plan = [&s, config, delta, call]() -> Result<Change> {
    Result<std::vector<Slot>> slots =
        plan_increase(*config, delta, s.config, s.table, s.ports.clock);
    if (!slots) return std::unexpected<Error>(slots.error());
    return s.commit_increase(*config, std::move(*slots), call);
  };
  co_return co_await s.journal.submit(std::move(group), std::move(plan));
}

Awaitable<Result<void>> Provider::decrease_target_size(std::string group, int delta, CallId call) {
  State& s = *state_;
  const GroupConfig* config = s.find_config(group);
  if (config == nullptr) co_return unknown_group(group);
  if (delta >= 0) {
    co_return failure(ErrorCode::kInvalidArgument, "size decrease must be negative");
  }
  Journal::Plan plan = [&s, config, delta, call]() -> Result<Change> {
    Result<Effects> effects = plan_decrease(*config, delta, s.config.clamp_decrease, s.table);
    if (!effects) return std::unexpected<Error>(effects.error());
    return std::move(*effects).into_change(s.ports.observer, s.terminator, call);
  };
  co_return co_await s.journal.submit(std::move(group), std::move(plan));
}

Awaitable<Result<void>> Provider::delete_nodes(std::string group, std::vector<NodeRef> nodes,
                                               CallId call) {
  State& s = *state_;
  const GroupConfig* config = s.find_config(group);
  if (config == nullptr) co_return unknown_group(group);
  Journal::Plan plan = [&s, config, nodes = std::move(nodes), call]() -> Result<Change> {
    Result<Effects> effects = plan_delete(*config, nodes, s.table);
    if (!effects) return std::unexpected<Error>(effects.error());
    return std::move(*effects).into_change(s.ports.observer, s.terminator, call);
  };
  co_return co_await s.journal.submit(std::move(group), std::move(plan));
}

std::vector<Slot> Provider::slots() const {
  std::vector<Slot> all;
  all.reserve(state_->table.all().size());
  for (const auto& [id, slot] : state_->table.all()) all.push_back(slot);
  return all;
}

std::optional<std::string> Provider::broken_invariant() const {
  return state_->table.broken_invariant();
}

}  // namespace casim::provider
