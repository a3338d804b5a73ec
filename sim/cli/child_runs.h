// Runs of casim as processes of their own, several at once.
#pragma once

#include <string>
#include <vector>

namespace casim::sim {

struct ChildRun {
  std::vector<std::string> command;  // of casim, its name first
  std::string name;                  // for messages: "seed 7"
  // What it says on stderr is shown when it has ended; that of one that fails is in any case.
  bool is_heard = false;
};

struct ChildrenEnd {
  int exit_code = 0;  // the worst of them; kInterrupted: by Ctrl-C
  int done = 0;       // so many came to their end
};

// `shows_progress`: on a terminal. Runs that are under way when Ctrl-C comes are stopped, and what
// they have is kept by them.
ChildrenEnd run_children(const std::vector<ChildRun>& children, int jobs, bool shows_progress);

}  // namespace casim::sim
