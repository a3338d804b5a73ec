// One line on a terminal that shows how far a run is; plain lines every few seconds otherwise.
#pragma once

#include "sim/world/world.h"

namespace casim::sim {

class Progress {
 public:
  enum class Mode { kQuiet, kPlain, kTerminal };
  explicit Progress(Mode mode);
  ~Progress();

  // Prints at most five times a second on a terminal, else once in ten seconds.
  void update(const WorldState& world);

 private:
  Mode mode_;
  double started_;
  double shown_;
  bool line_is_open_ = false;
};

}  // namespace casim::sim
