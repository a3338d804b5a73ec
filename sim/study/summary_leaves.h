// The single values of a summary.json as read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "src/config/value.h"

namespace casim::sim {

struct SummaryLeaf {
  std::string path;  // pods.lost; thresholds["pods.lost == 0"] is whether it holds
  config::Value value;
};

// In its order, without what only says which run it was. A list is one value.
std::vector<SummaryLeaf> leaves_of(const config::Value& summary);

// The path is that of a threshold; which.
bool is_threshold(std::string_view path);
std::string threshold_of(std::string_view path);

// The text at a key; empty: there is none.
std::string member_text(const config::Value& object, std::string_view key);

}  // namespace casim::sim
