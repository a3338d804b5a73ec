#include "sim/ec2/conditions.h"

namespace casim::sim {

CallConditions Ec2Conditions::on_call(const Ec2Arrival& /*arrival*/) const { return {}; }

bool Ec2Conditions::has_capacity(const CapacityQuestion& /*question*/) const { return true; }

TimePoint Ec2Conditions::runs_from(const LaunchQuestion& question) const { return question.at; }

std::string_view Ec2Conditions::launch_failure(const LaunchQuestion& /*question*/) const {
  return {};
}

const Ec2Conditions& normal_conditions() {
  static const Ec2Conditions kNormal;
  return kNormal;
}

}  // namespace casim::sim
