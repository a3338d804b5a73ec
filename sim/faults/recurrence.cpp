#include "sim/faults/recurrence.h"

#include <algorithm>
#include <utility>

#include "src/config/config.h"

namespace casim::sim {
void describe(config::Visitor& v, Recurrence& r) {
  v.required("mean_time_between", r.mean_time_between,
             "from the end of one to the begin of the next, at least 1s: a distribution such as "
             "{\"exponential\": {\"mean\": \"2h\"}}; a bare duration is always that long");
  v.field(
      "mean_time_to_repair", r.mean_time_to_repair,
      "how long each lasts, a distribution too; absent: the length that the fault gives itself");
}

void RecurringSpells::start(Kernel& kernel, const Random& random, Recurrence every,
                            Duration own_length, std::uint64_t key, Begin begin) {
  std::make_shared<RecurringSpells>(kernel, random, std::move(every), own_length, key,
                                    std::move(begin))
      ->wait(kernel.now());
}

RecurringSpells::RecurringSpells(Kernel& kernel, const Random& random, Recurrence every,
                                 Duration own_length, std::uint64_t key, Begin begin)
    : kernel_(kernel),
      random_(random),
      every_(std::move(every)),
      own_length_(own_length),
      key_(key),
      begin_(std::move(begin)) {}

void RecurringSpells::wait(TimePoint since) {
  const Duration between =
      every_.mean_time_between.duration(random_.uniform("fault.time_between", key_, n_));
  const TimePoint next = later(since, std::max(between, kLeastBetween));
  if (next == kTimeNever) return;
  kernel_.at(next, Phase::kWorld, [self = shared_from_this()] { self->come(); });
}

void RecurringSpells::come() {
  const Spell spell{
      .from = kernel_.now(), .to = later(kernel_.now(), length()), .key = hash_combine(key_, n_)};
  ++n_;
  begin_(spell);
  if (spell.to != kTimeNever) wait(spell.to);
}

Duration RecurringSpells::length() const {
  if (!every_.mean_time_to_repair) return own_length_;
  return every_.mean_time_to_repair->duration(random_.uniform("fault.time_to_repair", key_, n_));
}

}  // namespace casim::sim
