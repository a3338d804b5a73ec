// Which calls of the EC2 API a fault befalls: all, or those of some actions, types, zones or
// groups, and of these a share.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/ec2/conditions.h"
#include "src/config/visitor.h"
#include "src/core/random.h"
#include "src/ec2/action.h"

namespace casim::sim {

class FaultCheck;
struct Spell;

// An empty list stands for all. Only a launch has a type, a zone and a group.
struct Ec2Scope {
  std::vector<ec2::Action> actions = {};
  std::vector<std::string> instance_types = {};
  std::vector<std::string> zones = {};
  std::vector<std::string> groups = {};
  double share = 1;  // of the calls that match, each drawn for itself

  bool is_of_launches() const;
  bool matches(const Ec2Arrival& arrival) const;  // whatever the share
  void check(const FaultCheck& check) const;
};

// As members of the fault itself.
void describe_scope(config::Visitor& v, Ec2Scope& scope);

// Says what befalls the calls of a scope; the others go their way.
class ScopedConditions : public Ec2Conditions {
 public:
  // The randomness outlives it.
  ScopedConditions(Ec2Scope scope, const Random& random, const Spell& spell);

  CallConditions on_call(const Ec2Arrival& arrival) const final;

 protected:
  virtual CallConditions befall(const Ec2Arrival& arrival) const = 0;
  // In (0, 1), by what it decides and by call.
  double draw(std::string_view purpose, const Ec2Arrival& arrival) const;

 private:
  Ec2Scope scope_;
  const Random& random_;
  std::uint64_t key_;
};

}  // namespace casim::sim
