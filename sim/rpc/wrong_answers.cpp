#include "sim/rpc/wrong_answers.h"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "sim/rpc/rpc_conditions.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

using Instances = std::vector<RpcInstance>;

void leave_out(Instances& instances, int count) {
  const auto gone =
      std::min(static_cast<std::ptrdiff_t>(count), static_cast<std::ptrdiff_t>(instances.size()));
  instances.erase(instances.begin(), instances.begin() + gone);
}

// In the zone of the group's first instance.
void make_up(Instances& instances, int count, const std::string& group, std::uint64_t seed) {
  const std::string prefix = instances.empty()
                                 ? "aws:///us-east-1a/"
                                 : instances[0].id.substr(0, instances[0].id.rfind('/') + 1);
  const std::uint64_t key = hash_bytes(group);
  for (int i = 0; i < count; ++i) {
    const std::uint64_t digits =
        Random(seed).bits("rpc.unknown_instance", key, static_cast<std::uint64_t>(i));
    instances.push_back({.id = fmt::format("{}i-0{:016x}", prefix, digits),
                         .state = RpcInstanceState::kRunning,
                         .error = {}});
  }
}

}  // namespace

template <class T>
void PastAnswers<T>::note(const std::string& group, TimePoint now, const T& answer, Duration age) {
  Answers& answers = by_group_[group];
  if (answers.empty() || answers.back().second != answer) answers.emplace_back(now, answer);
  while (answers.size() > 1 && answers[1].first + age <= now) answers.pop_front();
}

template <class T>
const T& PastAnswers<T>::at(const std::string& group, TimePoint then) const {
  const Answers& answers = by_group_.at(group);
  assert(!answers.empty());
  const auto after = std::ranges::upper_bound(answers, then, {}, &Answers::value_type::first);
  return after == answers.begin() ? after->second : std::prev(after)->second;
}

void WrongAnswers::note(const std::string& group, TimePoint now, const Result<int>& truth) {
  const std::optional<Duration> age = conditions_.answers_kept_for();
  if (age && truth) target_sizes_.note(group, now, *truth, *age);
}

void WrongAnswers::note(const std::string& group, TimePoint now, const Result<Instances>& truth) {
  const std::optional<Duration> age = conditions_.answers_kept_for();
  if (age && truth) nodes_.note(group, now, *truth, *age);
}

Result<int> WrongAnswers::target_size(const RpcCondition* fault, const std::string& group,
                                      TimePoint now, Result<int> truth) {
  note(group, now, truth);
  if (fault == nullptr || !fault->wrong || !truth) return truth;
  if (const auto* stale = std::get_if<StaleAnswer>(&*fault->wrong)) {
    return target_sizes_.at(group, now - stale->age);
  }
  if (const auto* wrong = std::get_if<WrongTarget>(&*fault->wrong)) {
    return std::max(0, *truth + wrong->offset);
  }
  return truth;
}

Result<Instances> WrongAnswers::nodes(const RpcCondition* fault, const std::string& group,
                                      TimePoint now, Result<Instances> truth) {
  note(group, now, truth);
  if (fault == nullptr || !fault->wrong || !truth) return truth;
  if (const auto* stale = std::get_if<StaleAnswer>(&*fault->wrong)) {
    return nodes_.at(group, now - stale->age);
  }
  if (const auto* missing = std::get_if<MissingInstance>(&*fault->wrong)) {
    leave_out(*truth, missing->count);
  } else if (const auto* unknown = std::get_if<UnknownInstance>(&*fault->wrong)) {
    make_up(*truth, unknown->count, group, fault->seed);
  }
  return truth;
}

}  // namespace casim::sim
