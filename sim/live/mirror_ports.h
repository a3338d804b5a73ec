// What the parts of the mirror share.
#pragma once

#include <functional>
#include <string>

#include "sim/kernel/kernel.h"
#include "sim/live/kube_api.h"
#include "src/async/semaphore.h"
#include "src/async/task_scope.h"
#include "src/core/clock.h"

namespace casim::sim {

struct MirrorPorts {  // all outlive the mirror
  KubeApi& kube;
  Clock& clock;   // of the real cluster: its leases and stamps
  Kernel& world;  // of the simulated machines
  TaskScope& scope;
  Semaphore& turns;  // requests at a time
  std::function<void(const std::string&)> complain = [](const std::string&) {};
};

// How long to wait before the n-th try in a row, from 1.
constexpr Duration mirror_backoff(int tries) {
  Duration wait = std::chrono::milliseconds(250);
  for (int i = 1; i < tries && wait < std::chrono::seconds(30); ++i) wait *= 2;
  return wait < std::chrono::seconds(30) ? wait : std::chrono::seconds(30);
}

}  // namespace casim::sim
