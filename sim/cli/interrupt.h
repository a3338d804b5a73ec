// Ctrl-C as a question instead of a handler: the signals are blocked and asked for between slices
// of a run, so that a run ends between two events and keeps its results.
#pragma once

namespace casim::sim {

class Interrupt {
 public:
  Interrupt();   // from here on SIGINT and SIGTERM wait until they are asked for
  ~Interrupt();  // as before; a signal that still waits arrives now
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool is_requested();  // stays true

 private:
  bool requested_ = false;
};

}  // namespace casim::sim
