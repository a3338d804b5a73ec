// Lists of names in a fault: empty stands for all.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "src/ec2/types.h"
#include "src/provider/ec2_machines.h"

namespace casim::sim {

template <class T, class Value>
bool is_listed(const std::vector<T>& list, const Value& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

// Whether the tags say that a machine is of one of the node groups.
inline bool is_of_group(const std::vector<std::string>& groups, std::span<const ec2::Tag> tags) {
  return groups.empty() || std::ranges::any_of(tags, [&groups](const ec2::Tag& tag) {
           return tag.key == provider::kGroupTag && is_listed(groups, tag.value);
         });
}

}  // namespace casim::sim
