#include "sim/faults/ec2_scope.h"

#include <utility>

#include "sim/faults/check.h"
#include "sim/faults/listed.h"
#include "sim/faults/spell.h"
#include "src/config/config.h"

namespace casim::sim {

bool Ec2Scope::is_of_launches() const {
  return !instance_types.empty() || !zones.empty() || !groups.empty();
}

bool Ec2Scope::matches(const Ec2Arrival& arrival) const {
  if (!is_listed(actions, arrival.action)) return false;
  if (!is_of_launches()) return true;
  return arrival.action == ec2::Action::kRunInstances && is_listed(instance_types, arrival.type) &&
         is_listed(zones, arrival.zone) && is_of_group(groups, arrival.tags);
}

void Ec2Scope::check(const FaultCheck& check) const {
  check.names_types("instance_types", instance_types);
  check.names_zones("zones", zones);
  check.names_groups("groups", groups);
}

void describe_scope(config::Visitor& v, Ec2Scope& s) {
  v.field("actions", s.actions, "EC2 actions such as RunInstances; empty: all", config::unique());
  v.field("instance_types", s.instance_types, "launches of these types only; empty: all",
          config::unique(), config::not_blank());
  v.field("zones", s.zones, "launches in these zones only; empty: all", config::unique(),
          config::not_blank());
  v.field("groups", s.groups, "launches for these node groups only; empty: all", config::unique(),
          config::not_blank());
  v.field("share", s.share, "share of these calls that it befalls", config::probability());
  v.check("actions", !s.is_of_launches() || is_listed(s.actions, ec2::Action::kRunInstances),
          "must have RunInstances: no other action has a type, a zone or a group");
}

ScopedConditions::ScopedConditions(Ec2Scope scope, const Random& random, const Spell& spell)
    : scope_(std::move(scope)), random_(random), key_(spell.key) {}

CallConditions ScopedConditions::on_call(const Ec2Arrival& arrival) const {
  if (!scope_.matches(arrival)) return {};
  if (scope_.share < 1 && draw("fault.ec2.share", arrival) >= scope_.share) return {};
  return befall(arrival);
}

double ScopedConditions::draw(std::string_view purpose, const Ec2Arrival& arrival) const {
  return random_.uniform(purpose, hash_combine(key_, ec2::index_of(arrival.action)), arrival.n);
}

}  // namespace casim::sim
