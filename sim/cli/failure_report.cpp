#include "sim/cli/failure_report.h"

#include <unistd.h>

#include <array>
#include <cassert>
#include <csignal>
#include <cstdint>

#include <fmt/format.h>

#include "sim/cli/command.h"

namespace casim::sim {
namespace {

// Of the one run that may abort; a signal handler has nothing else to find it by.
const AbortReport* aborting = nullptr;

// Text in a fixed place: a signal handler may not allocate.
class FixedText {
 public:
  void add(std::string_view text) {
    for (const char c : text) {
      if (size_ < text_.size()) text_[size_++] = c;
    }
  }

  // At least so many digits.
  void add(std::uint64_t number, int width = 1) {
    std::array<char, 20> digits{};
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number > 0 || count < static_cast<std::size_t>(width));
    while (count > 0) add(std::string_view(&digits[--count], 1));
  }

  std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, 256> text_{};
  std::size_t size_ = 0;
};

// The lines about the world.
FixedText where(const WorldState& world) {
  FixedText text;
  const auto ns = static_cast<std::uint64_t>((world.now - kTimeZero).count());
  text.add("  time      ");
  text.add(ns / 1'000'000'000);
  text.add(".");
  text.add(ns / 1000 % 1'000'000, 6);
  text.add(" s (virtual)\n  loop      ");
  if (world.last_loop.is_valid()) {
    text.add(world.last_loop.value());
  } else {
    text.add("none yet");
  }
  text.add("\n");
  return text;
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

FailureReport::FailureReport(const Replay& replay)
    : scenario_(fmt::format("  scenario  {}\n", replay.scenario)),
      again_(fmt::format("  again     {}\n", command_of(replay))) {
  for (const std::string& assignment : replay.overrides) {
    scenario_ += fmt::format("  set       {}\n", assignment);
  }
  scenario_ += fmt::format("  seed      {}\n", replay.seed);
}

std::string FailureReport::text(std::string_view why, const WorldState* world) const {
  FixedText place;
  place.add("  time      before the first event\n");
  if (world != nullptr) place = where(*world);
  return fmt::format("casim: the run broke: {}\n{}{}{}", why, scenario_, place.view(), again_);
}

AbortReport::AbortReport(const FailureReport& report, const World& world,
                         const ResultFolder* folder)
    : report_(report), world_(world), folder_(folder) {
  assert(aborting == nullptr);
  aborting = this;
  std::signal(SIGABRT, &AbortReport::on_abort);
}

AbortReport::~AbortReport() {
  std::signal(SIGABRT, SIG_DFL);
  aborting = nullptr;
}

void AbortReport::on_abort(int /*signal*/) {
  std::signal(SIGABRT, SIG_DFL);
  write_all(
      "casim: the run broke: it was aborted, by the failed assertion above if there is one\n");
  write_all(aborting->report_.scenario_);
  write_all(where(aborting->world_.state()).view());
  write_all(aborting->report_.again_);
  write_all("  result    none: the world may stand in the middle of a change\n");
  if (aborting->folder_ != nullptr) aborting->folder_->abandon();
  ::_exit(kInvariantBroken);
}

}  // namespace casim::sim
