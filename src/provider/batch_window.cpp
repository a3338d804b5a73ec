#include "src/provider/batch_window.h"

#include <algorithm>
#include <cassert>

namespace casim::provider {

void Gathering::note(TimePoint now) {
  if (!first_) first_ = now;
  last_ = now;
}

TimePoint Gathering::due() const {
  return std::min(last_ + window_.idle, *first_ + window_.longest);
}

Awaitable<void> Gathering::end(Clock& clock) {
  assert(is_open());
  while (clock.now() < due()) co_await clock.sleep_until(due());
  first_.reset();
}

}  // namespace casim::provider
