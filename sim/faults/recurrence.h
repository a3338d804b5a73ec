// Faults that come again and again, at times that are drawn.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "sim/faults/spell.h"
#include "sim/kernel/kernel.h"
#include "src/config/visitor.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

// How a user writes it. Of a length that is not drawn each spell has the fault's own.
struct Recurrence {
  Distribution mean_time_between;  // from the end of one spell, or of nothing, to the next
  std::optional<Distribution> mean_time_to_repair;
};

void describe(config::Visitor& v, Recurrence& every);

// Spell after spell, each brought about when the one before it is known to have begun. Draws are
// named by the fault and the number of the spell.
class RecurringSpells : public std::enable_shared_from_this<RecurringSpells> {
 public:
  using Begin = std::function<void(const Spell&)>;

  // At least so long is the time between two of them, so that the run goes on (assumed).
  static constexpr Duration kLeastBetween = std::chrono::seconds(1);

  // Kernel and randomness outlive it. `key` is the fault's; `begin` is called at each first
  // instant.
  static void start(Kernel& kernel, const Random& random, Recurrence every, Duration own_length,
                    std::uint64_t key, Begin begin);

  RecurringSpells(Kernel& kernel, const Random& random, Recurrence every, Duration own_length,
                  std::uint64_t key, Begin begin);

 private:
  void wait(TimePoint since);
  void come();
  Duration length() const;

  Kernel& kernel_;
  const Random& random_;
  Recurrence every_;
  Duration own_length_;
  std::uint64_t key_;
  Begin begin_;
  std::uint64_t n_ = 0;  // spells begun
};

}  // namespace casim::sim
