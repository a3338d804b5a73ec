#include "sim/controllers/node_lifecycle.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace casim::sim {
namespace {

constexpr Duration kPassPeriod = std::chrono::milliseconds(100);  // nodeEvictionPeriod
constexpr const char* kExcludeDisruption = "node.kubernetes.io/exclude-disruption";

// No leader survives a longer outage of the API server, in which kubelets are not heard.
constexpr Duration kOutageMax = std::chrono::seconds(12);

void ignore(const Result<NodePtr>&) {}

bool is_tainted(const Node& node) {
  return has_no_execute(node, kNotReadyTaint) || has_no_execute(node, kUnreachableTaint);
}

}  // namespace

NodeLifecycle::NodeLifecycle(Kernel& kernel, ApiServer& api, NodeHeartbeats& heartbeats,
                             const Random& random, ApiClientConfig client,
                             NodeLifecycleConfig config)
    : kernel_(kernel),
      api_(api),
      heartbeats_(heartbeats),
      random_(random),
      client_(api.add_client(std::move(client))),
      config_(std::move(config)),
      rounds_(kernel, config_.start, config_.node_monitor_period, [this] { return round(); }) {
  heartbeats_.when_changed([this](NodeId node) { on_heartbeat(node); });
}

NodeLifecycle::~NodeLifecycle() {
  heartbeats_.when_changed({});
  kernel_.cancel(next_pass_);
}

// --- what it is told

void NodeLifecycle::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    on_changed(changed->node);
  } else if (const auto* removed = std::get_if<NodeRemoved>(&event)) {
    on_removed(removed->last->id);
  }
}

void NodeLifecycle::on_changed(const NodePtr& node) {
  Known& known = nodes_[node->id.value()];
  if (known.zone == nullptr) {
    known.zone = &zones_[zone_of(node->labels)];
    known.since = now();
    ++known.zone->nodes;
  }
  known.node = node;
  count(known, ready_status(*node));
  // TaintNodesByCondition: at once, not in rounds.
  if (!has_right_condition_taints(*node)) {
    client_.update_node(node->id, 0, [](Node& next) { set_condition_taints(next); }, ignore);
  }
  if (needs_rounds(*node)) examine_from_now_on(node->id);
}

void NodeLifecycle::on_removed(NodeId id) {
  const auto found = nodes_.find(id.value());
  if (found == nodes_.end()) return;
  found->second.node = nullptr;
  count(found->second, ReadyStatus::kMissing);
  --found->second.zone->nodes;
  nodes_.erase(found);
  heartbeats_.forget(id);
  if (examined_.erase(id) > 0) rounds_.wake();  // the share of its zone has changed
}

void NodeLifecycle::on_heartbeat(NodeId id) {
  const auto found = nodes_.find(id.value());
  if (found != nodes_.end() && needs_rounds(*found->second.node)) examine_from_now_on(id);
}

// False: nothing that a round could do to it would show.
bool NodeLifecycle::needs_rounds(const Node& node) const {
  if (ready_status(node) != ReadyStatus::kTrue || is_tainted(node)) return true;
  const Heartbeat* heartbeat = heartbeats_.find(node.id);
  if (heartbeat == nullptr) return false;
  const std::optional<Duration> period = heartbeat->lasting_period();
  return !period ||
         *period + kOutageMax + 2 * config_.node_monitor_period > config_.node_monitor_grace_period;
}

// What the rounds until now have seen is made up for: those of the last grace period decide.
void NodeLifecycle::examine_from_now_on(NodeId id) {
  const auto [made, is_new] = examined_.try_emplace(id);
  rounds_.wake();
  if (!is_new) return;
  const Known& known = nodes_.at(id.value());
  const TimePoint since = std::max(known.since, now() - config_.node_monitor_grace_period);
  for (TimePoint t = rounds_.at_or_after(since); t < now(); t += rounds_.period()) {
    made->second.health.observe(t, heartbeats_.find(id), true, known.since);
    made->second.was_in_a_round = true;
  }
}

// --- rounds

bool NodeLifecycle::round() {
  for (auto& [name, zone] : zones_) {
    if (zone.nodes > 0 && !zone.is_open) zone.open(config_.rates);
  }
  for (const NodeId id : in_no_order()) examine(id, examined_.at(id));
  handle_disruption();
  forget_calm_nodes();
  arm_pass();
  return !examined_.empty();
}

// Upstream lists them from a hash map and works on eight at a time.
std::vector<NodeId> NodeLifecycle::in_no_order() const {
  const auto n = static_cast<std::uint64_t>((now() - config_.start) / config_.node_monitor_period);
  std::vector<std::pair<std::uint64_t, NodeId>> drawn;
  for (const auto& [id, examined] : examined_) {
    const std::uint64_t name = hash_bytes(nodes_.at(id.value()).node->name);
    drawn.emplace_back(random_.bits("node_lifecycle.order", name, n), id);
  }
  std::ranges::sort(drawn);
  std::vector<NodeId> ids;
  for (const auto& [luck, id] : drawn) ids.push_back(id);
  return ids;
}

void NodeLifecycle::examine(NodeId id, Examined& examined) {
  Known& known = nodes_.at(id.value());
  if (!examined.was_in_a_round) mark_reachable(known);
  examined.was_in_a_round = true;
  ReadyStatus status = ready_status(*known.node);
  const Heartbeat* heartbeat = heartbeats_.find(id);
  examined.health.observe(now(), heartbeat, status != ReadyStatus::kMissing, known.since);
  const Duration grace = status == ReadyStatus::kMissing ? config_.node_startup_grace_period
                                                         : config_.node_monitor_grace_period;
  const bool is_silent = heartbeat != nullptr && now() - examined.health.last_sign() >= grace;
  if (is_silent && status != ReadyStatus::kUnknown) {
    set_unknown(id, status);
    examined.health.note_own_write(now(), heartbeat);
    status = ReadyStatus::kUnknown;
    count(known, status);
  }
  taint_by(status, known);
}

// Unless its kubelet has posted meanwhile.
void NodeLifecycle::set_unknown(NodeId id, ReadyStatus seen) {
  const WallTime stamp = cut_to_second(kernel_.wall(now()));
  const auto change = [seen, stamp](Node& next) {
    if (ready_status(next) == seen) set_ready_status(next, ReadyStatus::kUnknown, stamp);
  };
  client_.update_node(id, 0, change, ignore);
}

void NodeLifecycle::taint_by(ReadyStatus status, const Known& known) {
  const auto want = [&](std::string_view taint, std::string_view opposite) {
    const Node& node = *known.node;
    if (has_no_execute(node, opposite)) return swap_no_execute(node.id, taint, opposite);
    const bool has_it = has_no_execute(node, taint) || known.turn_at == now();
    if (!has_it) known.zone->queue.remove(node.name);
    known.zone->queue.add(node.name);
  };
  switch (status) {
    case ReadyStatus::kFalse:
      return want(kNotReadyTaint, kUnreachableTaint);
    case ReadyStatus::kUnknown:
      return want(kUnreachableTaint, kNotReadyTaint);
    case ReadyStatus::kTrue:
      return mark_reachable(known);
    case ReadyStatus::kMissing:
      return;
  }
}

void NodeLifecycle::mark_reachable(const Known& known) {
  known.zone->queue.remove(known.node->name);
  if (!is_tainted(*known.node)) return;
  const auto take_off = [](Node& next) {
    set_taint(next, kUnreachableTaint, TaintEffect::kNoExecute, false);
    set_taint(next, kNotReadyTaint, TaintEffect::kNoExecute, false);
  };
  client_.update_node(known.node->id, 0, take_off, ignore);
}

void NodeLifecycle::swap_no_execute(NodeId id, std::string_view on, std::string_view off) {
  const auto swap = [on, off](Node& next) {
    set_taint(next, on, TaintEffect::kNoExecute, true);
    set_taint(next, off, TaintEffect::kNoExecute, false);
  };
  client_.update_node(id, 0, swap, ignore);
}

void NodeLifecycle::count(Known& known, ReadyStatus status) {
  const auto add = [&known](std::int64_t by) {
    if (known.share == Share::kReady) known.zone->ready += by;
    if (known.share == Share::kNotReady) known.zone->not_ready += by;
  };
  add(-1);
  known.share = Share::kNone;
  if (known.node && !known.node->labels.contains(kExcludeDisruption)) {
    known.share = status == ReadyStatus::kTrue ? Share::kReady : Share::kNotReady;
  }
  add(1);
}

void NodeLifecycle::forget_calm_nodes() {
  std::erase_if(examined_, [this](const auto& entry) {
    return !needs_rounds(*nodes_.at(entry.first.value()).node);
  });
}

// --- disruption

// While every zone is down nobody is tainted: then it is the controller that sees nothing.
void NodeLifecycle::handle_disruption() {
  bool all_are_down = true;
  bool all_were_down = true;
  for (auto& [name, zone] : zones_) {
    if (!zone.counts()) zone.is_open = false;
    if (!zone.is_open) continue;
    if (zone.disruption(config_.rates) != Disruption::kFull) all_are_down = false;
    if (zone.state != Disruption::kFull) all_were_down = false;
  }
  if (all_are_down && all_were_down) return;
  if (all_are_down) return stop_tainting();
  if (all_were_down) return resume_tainting();
  for (auto& [name, zone] : zones_) {
    const Disruption next = zone.disruption(config_.rates);
    if (zone.is_open && zone.state != next) zone.enter(next, config_.rates, now());
  }
}

void NodeLifecycle::stop_tainting() {
  for (const auto& [id, examined] : examined_) mark_reachable(nodes_.at(id.value()));
  for (auto& [name, zone] : zones_) {
    if (!zone.is_open) continue;
    zone.queue.swap_rate(0, now());
    zone.state = Disruption::kFull;
  }
}

void NodeLifecycle::resume_tainting() {
  for (auto& [id, examined] : examined_) examined.health.set_last_sign(now());
  for (auto& [name, zone] : zones_) {
    if (zone.is_open) zone.enter(zone.disruption(config_.rates), config_.rates, now());
  }
}

// --- passes

void NodeLifecycle::arm_pass() {
  TimePoint ready = kTimeNever;
  for (const auto& [name, zone] : zones_) ready = std::min(ready, zone.queue.ready_at(now()));
  TimePoint when = kTimeNever;
  if (ready != kTimeNever) {
    when = grid_at_or_after(config_.start, kPassPeriod, std::max(ready, now() + Duration(1)));
  }
  if (when == next_pass_at_) return;
  if (next_pass_at_ != kTimeNever) kernel_.cancel(next_pass_);
  next_pass_at_ = when;
  if (when != kTimeNever) next_pass_ = kernel_.at(when, Phase::kWorld, [this] { pass(); });
}

void NodeLifecycle::pass() {
  next_pass_at_ = kTimeNever;
  for (auto& [name, zone] : zones_) {
    while (const auto node = zone.queue.take(now())) take_turn(*node);
  }
  arm_pass();
}

void NodeLifecycle::take_turn(const std::string& name) {
  const auto found = nodes_.find(api_.cluster().find_node(name).value());
  if (found == nodes_.end()) return;  // deleted meanwhile; its turn is gone all the same
  found->second.turn_at = now();
  const Node& node = *found->second.node;
  const ReadyStatus status = ready_status(node);
  if (status == ReadyStatus::kFalse) swap_no_execute(node.id, kNotReadyTaint, kUnreachableTaint);
  if (status == ReadyStatus::kUnknown) swap_no_execute(node.id, kUnreachableTaint, kNotReadyTaint);
}

}  // namespace casim::sim
