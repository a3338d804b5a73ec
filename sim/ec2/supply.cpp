#include "sim/ec2/supply.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "src/core/distribution.h"

namespace casim::sim {
namespace {

// So that no question is endless where the means are tiny (assumed).
constexpr Duration kShortestSojourn = std::chrono::milliseconds(1);

bool has(const std::vector<std::string>& names, std::string_view name) {
  return names.empty() || std::ranges::find(names, name) != names.end();
}

}  // namespace

TwoStateProcess::TwoStateProcess(const Random& random, double mean_up_s, double mean_down_s,
                                 std::uint64_t key)
    : random_(random), mean_up_s_(mean_up_s), mean_down_s_(mean_down_s), key_(key) {
  const double down = std::isinf(mean_up_s) ? 0 : mean_down_s / (mean_up_s + mean_down_s);
  is_down_ = random_.uniform("ec2.supply.start", key_, 0) < down;
  until_ = kTimeZero;
  draw_sojourn();
}

bool TwoStateProcess::is_down(TimePoint now) {
  while (until_ <= now) {
    is_down_ = !is_down_;
    draw_sojourn();
  }
  return is_down_;
}

void TwoStateProcess::draw_sojourn() {
  const double mean = is_down_ ? mean_down_s_ : mean_up_s_;
  if (std::isinf(mean)) {
    until_ = kTimeNever;
    return;
  }
  const double u = random_.uniform("ec2.supply", key_, sojourns_++);
  const Duration length = std::max(Distribution(Exponential{mean}).duration(u), kShortestSojourn);
  until_ = std::min(until_, kTimeNever - length) + length;
}

bool Supply::has(const InstancePool& pool, const CapacityQuestion& question) {
  const PoolShortages* shortages = find(question);
  if (shortages == nullptr) return true;
  const auto entry = static_cast<std::uint64_t>(shortages - shortages_.data());
  const std::uint64_t type = hash_combine(hash_bytes(question.type, entry),
                                          static_cast<std::uint64_t>(question.lifecycle));
  const bool own = process(pool.key, *shortages, 1 - shortages->all_zones).is_down(question.at);
  const bool common = process(type, *shortages, shortages->all_zones).is_down(question.at);
  const double refused =
      own || common ? shortages->refused_while_down : shortages->refused_while_up;
  return random_.uniform("ec2.supply.refusal", pool.key, question.n) >= refused;
}

const PoolShortages* Supply::find(const CapacityQuestion& question) const {
  const auto found = std::ranges::find_if(shortages_, [&question](const PoolShortages& entry) {
    return sim::has(entry.instance_types, question.type) && sim::has(entry.zones, question.zone) &&
           (!entry.lifecycle || *entry.lifecycle == question.lifecycle);
  });
  return found == shortages_.end() ? nullptr : &*found;
}

// Spells come with rate share / mean_up.
TwoStateProcess& Supply::process(std::uint64_t key, const PoolShortages& shortages, double share) {
  const double mean_up =
      share > 0 ? to_seconds(shortages.mean_up) / share : std::numeric_limits<double>::infinity();
  return processes_.try_emplace(key, random_, mean_up, to_seconds(shortages.mean_down), key)
      .first->second;
}

}  // namespace casim::sim
