// One line on a terminal that shows how far a run is; plain lines every few seconds otherwise.
#pragma once

#include <cstdint>
#include <string>

#include "src/core/time.h"

namespace casim::sim {

// How far a run is.
struct ProgressState {
  TimePoint now{};
  TimePoint end = kTimeNever;  // when it is known
  std::int64_t pods_created = 0;
  std::int64_t pods_running = 0;
  std::int64_t nodes_ready = 0;
};

class Progress {
 public:
  enum class Mode { kQuiet, kPlain, kTerminal };
  explicit Progress(Mode mode);
  ~Progress();

  // Prints at most five times a second on a terminal, else once in ten seconds.
  void update(const ProgressState& state);

 private:
  Mode mode_;
  double started_;
  double shown_;
  bool line_is_open_ = false;
};

}  // namespace casim::sim
