#include "sim/cli/progress.h"

#include <cstdio>

#include <fmt/format.h>

#include "sim/cli/host.h"

namespace casim::sim {
namespace {

constexpr double kTerminalEvery = 0.2;  // seconds
constexpr double kPlainEvery = 10;

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
  if (mode_ == Mode::kTerminal) {
    fmt::print(stderr, "\r\033[K{}", text);
    line_is_open_ = true;
  } else {
    fmt::print(stderr, "{}\n", text);
  }
  std::fflush(stderr);
}

}  // namespace casim::sim
