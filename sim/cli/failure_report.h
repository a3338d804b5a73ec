// What a run says that broke, however it broke: why, which scenario and seed, the virtual time, the
// autoscaler's last loop, and the command that runs it again.
#pragma once

#include <string>
#include <string_view>

#include "sim/cli/replay.h"
#include "sim/report/result_folder.h"
#include "sim/world/world.h"

namespace casim::sim {

class FailureReport {
 public:
  explicit FailureReport(const Replay& replay);

  // `world`: where it stood; null: it had not begun.
  std::string text(std::string_view why, const WorldState* world) const;

 private:
  friend class AbortReport;

  std::string scenario_;  // the lines before and after those about the world
  std::string again_;
};

// While it lives, a failed assertion (any SIGABRT) writes the report of this world to stderr and
// ends the program with exit code 3. The world may stand in the middle of a change, so no result
// is written, and what there is of one is removed. At most one lives at a time: signals belong to
// the process.
class AbortReport {
 public:
  // `folder`: of the result; null: there is none. All outlive it.
  AbortReport(const FailureReport& report, const World& world, const ResultFolder* folder);
  AbortReport(const AbortReport&) = delete;
  AbortReport& operator=(const AbortReport&) = delete;
  ~AbortReport();

 private:
  static void on_abort(int signal);

  const FailureReport& report_;
  const World& world_;
  const ResultFolder* folder_;
};

}  // namespace casim::sim
