#include "sim/cluster/cluster.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

std::string pod_name(const std::string& prefix, std::uint64_t index, std::uint32_t incarnation) {
  std::string name = prefix + "-" + std::to_string(index);
  if (incarnation > 0) name += "-r" + std::to_string(incarnation);
  return name;
}

PodId Cluster::create_pod(NewPod fresh, WallTime stamp) {
  assert(fresh.spec);
  const PodId id(static_cast<PodId::rep>(lives_.size()));
  std::uint32_t slot = 0;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(live_.size());
    live_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  Pod& pod = live_[slot].pod;
  pod.id = id;
  pod.uid = fresh.uid;
  pod.name = fresh.name.empty() ? pod_name(fresh.spec->name_prefix, fresh.index, fresh.incarnation)
                                : std::move(fresh.name);
  pod.spec = std::move(fresh.spec);
  pod.created = fresh.created;
  pod.creation_timestamp = stamp;
  pod.target_node = std::move(fresh.target_node);
  pod.gated = fresh.gated;
  pod.resource_version = ++version_;

  PodLife life;
  life.index = fresh.index;
  life.workload = fresh.workload;
  life.replaces = fresh.replaces;
  life.incarnation = fresh.incarnation;
  life.slot = slot;
  lives_.push_back(life);
  ++tally_.created;
  count(PodPhase::kPending, life.end, 1);
  return id;
}

void Cluster::bind(PodId id, NodeId node, std::optional<WallTime> start_time) {
  PodLife& life = lives_[id.value()];
  assert(life.phase == PodPhase::kPending);
  Pod& pod = live(id).pod;
  NodeSlot& target = slot(node);
  assert(target.object);
  target.requested += pod.spec->requests;
  target.pods.push_back(id);
  const bool fits = target.requested.fits_in(target.object->allocatable);
  assert(fits || target.lowered);  // no node overcommitted
  pod.node = node;
  pod.node_name = target.object->name;
  pod.start_time = start_time;
  pod.unschedulable = false;
  pod.nominated_node.clear();
  pod.resource_version = ++version_;
  ++live(id).writes;
  life.node = node;
  count(life.phase, life.end, -1);
  life.phase = PodPhase::kStarting;
  count(life.phase, life.end, 1);
}

void Cluster::start(PodId id, std::optional<WallTime> ready_since) {
  PodLife& life = lives_[id.value()];
  assert(life.phase == PodPhase::kStarting);
  edit_pod(id, [&](Pod& pod) {
    pod.running = true;
    pod.ready_since = ready_since;
  });
  count(life.phase, life.end, -1);
  life.phase = PodPhase::kRunning;
  count(life.phase, life.end, 1);
}

void Cluster::begin_deletion(PodId id, PodEnd how, WallTime deletion_timestamp) {
  PodLife& life = lives_[id.value()];
  assert(life.phase != PodPhase::kEnded);
  life.end = how;
  edit_pod(id, [&](Pod& pod) { pod.deletion_timestamp = deletion_timestamp; });
}

void Cluster::end(PodId id, PodEnd how) {
  PodLife& life = lives_[id.value()];
  assert(life.phase != PodPhase::kEnded);
  LivePod& gone = live(id);
  if (life.node.is_valid()) leave_node(id, life.node, gone.pod.spec->requests);
  count(life.phase, life.end, -1);
  life.phase = PodPhase::kEnded;
  life.end = how;
  count(life.phase, life.end, 1);
  gone = LivePod{};
  free_slots_.push_back(life.slot);
  life.slot = UINT32_MAX;
  ++version_;
}

void Cluster::leave_node(PodId id, NodeId node, const Resources& requests) {
  NodeSlot& left = slot(node);
  const auto at = std::find(left.pods.begin(), left.pods.end(), id);
  assert(at != left.pods.end());
  left.pods.erase(at);
  left.requested -= requests;
  if (left.pods.empty() && !left.object) left.pods.shrink_to_fit();
}

const Pod* Cluster::find_pod(PodId id) const {
  if (!id.is_valid() || id.value() >= lives_.size()) return nullptr;
  const PodLife& life = lives_[id.value()];
  return life.phase == PodPhase::kEnded ? nullptr : &live_[life.slot].pod;
}

const Pod& Cluster::pod(PodId id) const {
  const Pod* found = find_pod(id);
  assert(found);
  return *found;
}

const PodLife& Cluster::life(PodId id) const {
  assert(id.is_valid() && id.value() < lives_.size());
  return lives_[id.value()];
}

std::uint32_t Cluster::writes_of(PodId id) const { return live_[life(id).slot].writes; }

Cluster::LivePod& Cluster::live(PodId id) {
  const PodLife& known = life(id);
  assert(known.phase != PodPhase::kEnded);
  return live_[known.slot];
}

NodeId Cluster::create_node(Node node, WallTime stamp) {
  const NodeId id(static_cast<NodeId::rep>(nodes_.size()));
  node.id = id;
  node.creation_timestamp = stamp;
  node.resource_version = ++version_;
  [[maybe_unused]] const bool is_new = names_.emplace(node.name, id).second;
  assert(is_new);
  nodes_.emplace_back().object = std::make_shared<const Node>(std::move(node));
  return id;
}

const NodePtr& Cluster::update_node(NodeId id, Node next) {
  NodeSlot& at = slot(id);
  assert(at.object);
  next.id = id;
  next.name = at.object->name;
  next.creation_timestamp = at.object->creation_timestamp;
  next.resource_version = ++version_;
  // A scheduler that has not seen this yet may still fill the old size, so the mark stays.
  if (!at.object->allocatable.fits_in(next.allocatable)) at.lowered = true;
  at.object = std::make_shared<const Node>(std::move(next));
  ++at.writes;
  return at.object;
}

void Cluster::remove_node(NodeId id) {
  NodeSlot& at = slot(id);
  assert(at.object);
  names_.erase(at.object->name);
  at.object.reset();
  ++version_;
}

const NodePtr& Cluster::node(NodeId id) const { return slot(id).object; }

NodeId Cluster::find_node(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? NodeId() : found->second;
}

const Resources& Cluster::requested(NodeId id) const { return slot(id).requested; }

const std::vector<PodId>& Cluster::pods_on(NodeId id) const { return slot(id).pods; }

std::uint32_t Cluster::writes_of(NodeId id) const { return slot(id).writes; }

Cluster::NodeSlot& Cluster::slot(NodeId id) {
  assert(id.is_valid() && id.value() < nodes_.size());
  return nodes_[id.value()];
}

const Cluster::NodeSlot& Cluster::slot(NodeId id) const {
  assert(id.is_valid() && id.value() < nodes_.size());
  return nodes_[id.value()];
}

std::vector<const Owner*> Cluster::owners() const {
  std::vector<const Owner*> result;
  result.reserve(owners_.size());
  for (const auto& [uid, owner] : owners_) result.push_back(&owner);
  std::ranges::sort(result, {}, &Owner::uid);
  return result;
}

const PodDisruptionBudget& Cluster::put_pdb(PodDisruptionBudget pdb) {
  PdbKey key(pdb.namespace_name, pdb.name);
  pdb.resource_version = ++version_;
  return pdbs_.insert_or_assign(std::move(key), std::move(pdb)).first->second;
}

void Cluster::count(PodPhase phase, PodEnd end, std::int64_t by) {
  switch (phase) {
    case PodPhase::kPending:
      tally_.pending += by;
      return;
    case PodPhase::kStarting:
      tally_.starting += by;
      return;
    case PodPhase::kRunning:
      tally_.running += by;
      return;
    case PodPhase::kEnded:
      break;
  }
  switch (end) {
    case PodEnd::kCompleted:
      tally_.completed += by;
      return;
    case PodEnd::kDeleted:
      tally_.deleted += by;
      return;
    case PodEnd::kEvicted:
      tally_.evicted += by;
      return;
    case PodEnd::kPreempted:
      tally_.preempted += by;
      return;
    case PodEnd::kLost:
      tally_.lost += by;
      return;
  }
}

std::optional<std::string> Cluster::broken_invariant() const {
  if (!tally_.adds_up()) return "pods are not conserved";
  std::size_t bound = 0;
  PodTally seen;
  for (const PodLife& life : lives_) {
    ++seen.created;
    if (life.phase == PodPhase::kPending) ++seen.pending;
    if (life.phase == PodPhase::kStarting) ++seen.starting;
    if (life.phase == PodPhase::kRunning) ++seen.running;
    if (life.phase != PodPhase::kEnded && life.node.is_valid()) ++bound;
  }
  if (seen.created != tally_.created || seen.pending != tally_.pending ||
      seen.starting != tally_.starting || seen.running != tally_.running) {
    return "the tally of pods differs from the pods";
  }
  std::size_t listed = 0;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const NodeId id(static_cast<NodeId::rep>(i));
    if (auto broken = broken_invariant(id)) return broken;
    listed += nodes_[i].pods.size();
  }
  if (listed != bound) return "a bound pod stands in no node's list, or in two";
  return std::nullopt;
}

std::optional<std::string> Cluster::broken_invariant(NodeId id) const {
  const NodeSlot& at = slot(id);
  const std::string name = at.object ? at.object->name : "gone node " + std::to_string(id.value());
  Resources sum;
  for (const PodId pod : at.pods) {
    const Pod* found = find_pod(pod);
    if (!found || found->node != id) return name + " lists a pod that is not on it";
    sum += found->spec->requests;
  }
  if (!sum.fits_in(at.requested) || !at.requested.fits_in(sum)) {
    return name + ": requested is not the sum of its pods";
  }
  if (at.object && !at.lowered && !at.requested.fits_in(at.object->allocatable)) {
    return name + " is overcommitted";
  }
  return std::nullopt;
}

}  // namespace casim::sim
