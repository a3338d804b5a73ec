#include "sim/cli/progress.h"

#include <cstdio>
#include <string>

#include <fmt/format.h>

#include "sim/cli/host.h"

namespace casim::sim {
namespace {

constexpr double kTerminalEvery = 0.2;  // seconds
constexpr double kPlainEvery = 10;

// As fast as until now.
std::string to_go_text(double seconds) {
  if (seconds < 90) return fmt::format("about {:.0f} s to go", seconds);
  if (seconds < 5400) return fmt::format("about {:.0f} min to go", seconds / 60);
  return fmt::format("about {:.1f} h to go", seconds / 3600);
}

}  // namespace

Progress::Progress(Mode mode) : mode_(mode), started_(monotonic_seconds()), shown_(started_) {}

Progress::~Progress() {
  if (line_is_open_) fmt::print(stderr, "\r\033[K");
}

void Progress::update(const WorldState& world) {
  if (mode_ == Mode::kQuiet) return;
  const double now = monotonic_seconds();
  if (now - shown_ < (mode_ == Mode::kTerminal ? kTerminalEvery : kPlainEvery)) return;
  shown_ = now;
  const double simulated = to_seconds(world.now);
  std::string text = fmt::format("{:.0f} s simulated", simulated);
  if (world.end != kTimeNever) text += fmt::format(" of {:.0f}", to_seconds(world.end));
  text += fmt::format(", {:.0f}x real time, {} pods created, {} running, {} nodes",
                      simulated / (now - started_), world.pods_created, world.pods_running,
                      world.nodes_ready);
  if (world.end != kTimeNever && simulated > 0) {
    text += ", " + to_go_text((now - started_) * (to_seconds(world.end) / simulated - 1));
  }
  if (mode_ == Mode::kTerminal) {
    fmt::print(stderr, "\r\033[K{}", text);
    line_is_open_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

}  // namespace casim::sim
