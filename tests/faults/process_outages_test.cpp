#include <string>
#include <vector>

#include "sim/faults/process_outages.h"
#include "tests/catch.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

struct Outage {
  Duration from{};
  Duration to{};
};

// Notes what is done to it: "-10" crashed at 10 s, "+20" started at 20 s.
class RecordedProcess : public CrashableProcess {
 public:
  explicit RecordedProcess(const Kernel& kernel) : kernel_(kernel) {}

  bool is_up() const override { return is_up_; }

  void crash() override { set_up(false); }

  void start() override { set_up(true); }

  std::string notes;

 private:
  void set_up(bool up) {
    if (is_up_ == up) return;
    is_up_ = up;
    notes += up ? "+" : "-";
    notes += std::to_string(kernel_.now().time_since_epoch() / 1s) + " ";
  }

  const Kernel& kernel_;
  bool is_up_ = true;
};

std::string notes_of(const std::vector<Outage>& outages) {
  Kernel kernel{WallTime()};
  RecordedProcess process(kernel);
  ProcessOutages down(kernel, process);
  for (const Outage& outage : outages) down.add(kTimeZero + outage.from, kTimeZero + outage.to);
  kernel.run(kTimeZero + 1h, 1'000);
  CHECK(process.is_up());
  return process.notes;
}

}  // namespace

TEST_CASE("a process is down while any of its outages lasts, in whatever order they are given",
          "[faults]") {
  struct Row {
    const char* what;
    Outage one;
    Outage two;
    const char* notes;
  };

  const Row row = GENERATE(values<Row>({
      {"apart", {10s, 20s}, {30s, 40s}, "-10 +20 -30 +40 "},
      {"the second ends later", {10s, 30s}, {20s, 40s}, "-10 +40 "},
      {"one within the other", {10s, 40s}, {20s, 30s}, "-10 +40 "},
      {"the same end", {10s, 30s}, {20s, 30s}, "-10 +30 "},
      {"the same begin", {10s, 20s}, {10s, 30s}, "-10 +30 "},
      {"twice the same", {10s, 20s}, {10s, 20s}, "-10 +20 "},
      {"one begins as the other ends", {10s, 20s}, {20s, 30s}, "-10 +30 "},
  }));
  CAPTURE(row.what);
  CHECK(notes_of({row.one, row.two}) == row.notes);
  CHECK(notes_of({row.two, row.one}) == row.notes);
}

TEST_CASE("an outage of no length is a restart, unless another outage lasts", "[faults]") {
  CHECK(notes_of({{10s, 10s}}) == "-10 +10 ");
  CHECK(notes_of({{10s, 10s}, {5s, 20s}}) == "-5 +20 ");
}

}  // namespace casim::sim
