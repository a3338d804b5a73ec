// The summary as people read it on a terminal. Every number in it is a summary value, rounded; the
// one exception is the count of events in the last line.
#pragma once

#include <string>

#include "sim/metrics/collectors.h"

namespace casim::sim {

struct TerminalStyle {
  bool colour = false;
  int width = 80;  // columns; lines break at spaces
};

std::string to_text(const Summary& summary, const TerminalStyle& style);

}  // namespace casim::sim
