#include "sim/ec2/conditions.h"

namespace casim::sim {

std::vector<std::pair<ReplyCut, std::string_view>> enum_names(ReplyCut) {
  return {{ReplyCut::kReset, "reset"},          {ReplyCut::kNothing, "nothing"},
          {ReplyCut::kInHeaders, "in_headers"}, {ReplyCut::kAfterHeaders, "after_headers"},
          {ReplyCut::kInBody, "in_body"},       {ReplyCut::kInChunks, "in_chunks"},
          {ReplyCut::kInBodyOf503, "in_503"}};
}

ec2::Fault fault_of(ReplyCut cut) {
  const bool is_empty = cut == ReplyCut::kReset || cut == ReplyCut::kNothing;
  return is_empty ? ec2::Fault::kReset : ec2::Fault::kIncompleteReply;
}

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
