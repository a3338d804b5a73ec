// The expander "priority": a ConfigMap says which groups are preferred. Source:
// autoscaler-algorithm.md 3.6.
#pragma once

#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/autoscaler/scaleup/expander.h"

namespace re2 {
class RE2;
}

namespace casim::sim {

inline constexpr const char* kPriorityConfigMap = "cluster-autoscaler-priority-expander";
inline constexpr const char* kPriorityKey = "priorities";

// A number for each list of regular expressions (Go's), one of which must be found in a group's id.
class GroupPriorities {
 public:
  // Else what is wrong: it is empty, no map from whole numbers to lists of texts, or has a bad
  // expression.
  static std::expected<GroupPriorities, std::string> parse(const std::string& yaml);

  // The highest number whose list fits. None: the group is in no list.
  std::optional<int> priority_of(const std::string& group) const;

 private:
  std::map<int, std::vector<std::shared_ptr<const re2::RE2>>, std::greater<>> lists_;
};

// Keeps the options of the highest priority. Without a valid ConfigMap, or when no option is in a
// list, it keeps all. Read at each use, parsed when it has changed.
class PriorityExpander : public Expander {
 public:
  PriorityExpander(const ClusterView& view, EventRecorder& events) : view_(view), events_(events) {}

  Awaitable<std::vector<ScaleUpOption>> best(ExpanderInput input,
                                             std::vector<ScaleUpOption> options) override;

 private:
  const GroupPriorities* priorities();
  void warn(const char* reason);

  const ClusterView& view_;
  EventRecorder& events_;
  std::string text_;  // what was parsed last, into
  std::expected<GroupPriorities, std::string> parsed_;
};

}  // namespace casim::sim
