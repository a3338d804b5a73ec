#include "sim/metrics/ideal_demand.h"

#include <algorithm>

namespace casim::sim {
namespace {

// Calls `visit(amount, room)` for each resource of `of`.
template <class Visit>
void for_each_resource(const Resources& of, const Resources& room, Visit visit) {
  visit(of.cpu.value(), room.cpu.value());
  visit(of.memory.value(), room.memory.value());
  visit(of.ephemeral_storage.value(), room.ephemeral_storage.value());
  visit(of.pods, room.pods);
  for (const auto& [name, amount] : of.extended) {
    const auto found = room.extended.find(name);
    visit(amount, found == room.extended.end() ? 0 : found->second);
  }
}

}  // namespace

std::int64_t nodes_for(const Resources& sum, const Resources& room) {
  std::int64_t nodes = 0;
  for_each_resource(sum, room, [&nodes](std::int64_t amount, std::int64_t of_node) {
    if (amount <= 0 || of_node <= 0) return;
    nodes = std::max(nodes, (amount + of_node - 1) / of_node);
  });
  return nodes;
}

std::optional<double> greatest_share(const Resources& requests, const Resources& room) {
  double share = 0;
  bool fits = true;
  for_each_resource(requests, room, [&](std::int64_t amount, std::int64_t of_node) {
    if (amount <= 0) return;
    if (amount > of_node) fits = false;
    if (of_node > 0) {
      share = std::max(share, static_cast<double>(amount) / static_cast<double>(of_node));
    }
  });
  return fits ? std::optional(share) : std::nullopt;
}

IdealDemand::IdealDemand(const WorldModel& world) : world_(world) {
  groups_.resize(world.groups().size());
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!world.groups()[g].price) has_prices_ = false;
    count(g);
  }
}

void IdealDemand::add(const PodShape& shape) {
  if (!shape.group) return;
  groups_[*shape.group].sum += shape.requests;
  count(*shape.group);
}

void IdealDemand::remove(const PodShape& shape) {
  if (!shape.group) return;
  groups_[*shape.group].sum -= shape.requests;
  count(*shape.group);
}

std::optional<Price> IdealDemand::price() const {
  return has_prices_ ? std::optional(Price{micro_usd_per_hour_}) : std::nullopt;
}

void IdealDemand::count(std::size_t group) {
  Group& of = groups_[group];
  const GroupOffer& offer = world_.groups()[group];
  const std::int64_t nodes = std::max<std::int64_t>(offer.min, nodes_for(of.sum, offer.room));
  const std::int64_t more = nodes - of.nodes;
  if (more == 0) return;
  of.nodes = nodes;
  nodes_ += more;
  if (offer.price) micro_usd_per_hour_ += more * offer.price->micro_usd_per_hour;
}

}  // namespace casim::sim
