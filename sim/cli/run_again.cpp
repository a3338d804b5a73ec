#include "sim/cli/run_again.h"

#include <unistd.h>

#include <string>

#include <fmt/format.h>

#include "sim/cli/host.h"
#include "sim/cli/progress.h"

namespace casim::sim {
namespace {

constexpr std::uint64_t kReplaySliceEvents = 20'000;

}  // namespace

bool run_again(World& world, const Replaying& replaying, const StoredRun& stored,
               Interrupt& interrupt) {
  Progress progress(is_terminal(STDERR_FILENO) ? Progress::Mode::kTerminal
                                               : Progress::Mode::kQuiet);
  while (!world.is_over()) {
    if (interrupt.is_requested()) return false;
    // One that was stopped was so between two events.
    if (stored.partial && replaying.facts() >= stored.facts) {
      world.stop(stored.stopped_by);
      break;
    }
    world.run(stored.partial ? 1 : kReplaySliceEvents);
    progress.update(world.state());
  }
  return true;
}

void warn_of_digest(const World& world, const StoredRun& stored) {
  const std::string digest = world.summary().digest;
  if (digest == stored.digest) return;
  fmt::print(stderr,
             "casim: WARNING: the replay is not the run of this result: its digest is {}, that of "
             "summary.json is {}. What follows is about the replay.\n",
             digest, stored.digest);
}

}  // namespace casim::sim
