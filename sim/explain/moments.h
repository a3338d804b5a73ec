// Facts as a timeline: neighbours of one kind become one line.
#pragma once

#include <vector>

#include "sim/explain/explanation.h"
#include "sim/explain/fact_words.h"

namespace casim::sim {

FactNames names_in(const ReplayedRun& run);

std::vector<ExplainedMoment> moments_of(const Target& target, const ReplayedRun& run,
                                        const std::vector<KeptFact>& kept);

// "1.2, 2.5, 4.8 s"; long lists are cut.
std::string lengths_text(const std::vector<Duration>& lengths);

// "12.34 s"
std::string rounded_text(Duration length);

}  // namespace casim::sim
