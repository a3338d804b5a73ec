// Why a pod waited: what stood between its creation and its node, by the stage that it prolonged.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explain/kept_facts.h"
#include "sim/explain/target.h"

namespace casim::sim {

// Sentences by the name of the stage; of one without causes there is none. `kept`: of a pod.
class WaitCauses {
 public:
  WaitCauses(const Target& target, const ReplayedRun& run, const std::vector<KeptFact>& kept);

  std::vector<std::string> of(std::string_view stage) const;

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> by_stage_;
};

}  // namespace casim::sim
