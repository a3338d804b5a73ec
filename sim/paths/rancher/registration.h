// What Rancher's install script, its agent and its server do until the kubelet of a machine starts.
// The script tries each of its calls again every five seconds, almost for ever: what is wrong for
// good looks like a machine that is slow. Registrations take turns at the server's workers, in the
// order in which machines ask. Source: provisioning-paths.md 3.1, 3.3, 3.5.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/paths/rancher/config.h"
#include "sim/paths/rancher/tokens.h"
#include "src/core/random.h"
#include "src/core/time.h"

namespace casim::sim {

class RancherRegistration {
 public:
  // Why a machine never becomes a node.
  enum class Failure : std::uint8_t { kNone, kCaMismatch, kGaveUp };

  struct Course {
    TimePoint at = kTimeNever;  // at which the kubelet can register; never: it cannot
    Failure failure = Failure::kNone;
    std::uint64_t connects = 0;  // tries of the call that registers
  };

  // The randomness outlives it.
  RancherRegistration(const RancherConfig& config, const Random& random);

  // Of a machine that was ordered at `ordered` and whose user data start at `begins`. Requires:
  // asked once for each machine, in the order in which they begin.
  Course run(const std::string& machine, TimePoint ordered, TimePoint begins);

 private:
  // A call of the script until it is answered well; nothing: it gave up.
  std::optional<TimePoint> call(const Distribution& takes, const char* name, std::uint64_t machine,
                                TimePoint at) const;
  std::optional<TimePoint> connect(std::uint64_t machine, TimePoint good_until, TimePoint at,
                                   Course& course);
  // When the server has the machine; it works on that once.
  TimePoint serve(std::uint64_t machine, TimePoint at);
  TimePoint apply_plan(std::uint64_t machine, TimePoint at) const;
  bool is_reachable(TimePoint at) const;
  Duration draw(const Distribution& of, const char* name, std::uint64_t machine,
                std::uint64_t n = 0) const;

  RancherConfig config_;
  const Random& random_;
  RancherTokens tokens_;
  std::vector<TimePoint> worker_free_;
};

}  // namespace casim::sim
