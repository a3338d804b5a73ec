// What a run has shown of the needs of its path, in sentences.
#pragma once

#include <string>
#include <vector>

#include "sim/metrics/run_info.h"
#include "sim/requirements/ec2_use.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

std::vector<std::string> seen_of_actions(const Ec2Use& use);
std::vector<std::string> seen_of_idempotency(const Ec2Use& use, const RunInfo& run);
std::vector<std::string> seen_of_listing(const Ec2Use& use);
std::vector<std::string> seen_of_consistency(const Ec2Use& use, const Ec2Config& ec2);
std::vector<std::string> seen_of_answer_time(const Ec2Use& use);

// "1.52 s", "0 s".
std::string span_text(Duration span);

}  // namespace casim::sim
