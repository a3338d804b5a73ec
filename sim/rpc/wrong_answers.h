// What the autoscaler is told of a group instead of the truth, while a fault makes the provider's
// answers wrong: how many nodes it is to have, and which instances it has.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/autoscaler/cloudprovider/provider_rpc.h"
#include "src/core/result.h"
#include "src/core/time.h"

namespace casim::sim {

struct RpcCondition;
class RpcConditions;

// Size and instances as they were told that long ago, or as long ago as anybody asked.
struct StaleAnswer {
  Duration age = std::chrono::minutes(2);
};

// A target size that is so many nodes off, at least 0.
struct WrongTarget {
  int offset = 1;
};

// The first instances of the list are left out.
struct MissingInstance {
  int count = 1;
};

// Running instances that nobody has.
struct UnknownInstance {
  int count = 1;
};

using WrongAnswer = std::variant<StaleAnswer, WrongTarget, MissingInstance, UnknownInstance>;

// True answers by group, the newest of those that are at least `age` old and all since.
template <class T>
class PastAnswers {
 public:
  void note(const std::string& group, TimePoint now, const T& answer, Duration age);
  // What was true then, or the oldest that is known. Requires: something was noted.
  const T& at(const std::string& group, TimePoint then) const;

 private:
  using Answers = std::deque<std::pair<TimePoint, T>>;  // by time; neighbours differ

  boost::unordered_flat_map<std::string, Answers> by_group_;  // lookups only
};

class WrongAnswers {
 public:
  explicit WrongAnswers(const RpcConditions& conditions) : conditions_(conditions) {}

  // Every true answer passes here before anybody hears it. nullptr: it stays as it is.
  Result<int> target_size(const RpcCondition* fault, const std::string& group, TimePoint now,
                          Result<int> truth);
  Result<std::vector<RpcInstance>> nodes(const RpcCondition* fault, const std::string& group,
                                         TimePoint now, Result<std::vector<RpcInstance>> truth);
  // The same for an answer that nothing befalls.
  void note(const std::string& group, TimePoint now, const Result<int>& truth);
  void note(const std::string& group, TimePoint now, const Result<std::vector<RpcInstance>>& truth);

 private:
  const RpcConditions& conditions_;
  PastAnswers<int> target_sizes_;
  PastAnswers<std::vector<RpcInstance>> nodes_;
};

}  // namespace casim::sim
