// What happened in a node life case, in the words of its expectations.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/core/time.h"

namespace casim::oracle {

// "a" of zone queue "z", tainted "unreachable", "NoExecute".
struct NodeLifeRow {
  TimePoint at{};
  std::vector<std::string> words;  // node or pod or owner first
  std::string entry;               // of the node or pod
};

// Lists by their name in `expect`: ready, taints_added, ...
using NodeLifeRecord = std::map<std::string, std::vector<NodeLifeRow>>;

}  // namespace casim::oracle
