// How the processes of a world end. What is cancelled unwinds while the kernel settles, and a task
// may throw on its way out; so ending a process is a call that may throw, and not left to its
// destructor.
#pragma once

#include <exception>

#include "sim/kernel/kernel.h"

namespace casim::sim {

// Does all that is ready, also what is left after a task has thrown, so that nobody refers any more
// to what was cancelled. Then rethrows the first of what they threw. An EndlessInstant leaves it at
// once.
void settle_wholly(Kernel& kernel);

// What a destructor does when `stop` should have been called and perhaps was not. While an
// exception unwinds the stack that one is told, and what `stop` throws beside it is dropped: two at
// once would end the program before either is. Without one it ends the program, by its name.
template <class Stop>
void stop_in_destructor(Stop stop) noexcept {
  if (std::uncaught_exceptions() == 0) return stop();
  try {
    stop();
  } catch (...) {
  }
}

}  // namespace casim::sim
