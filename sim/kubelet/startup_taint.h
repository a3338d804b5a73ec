// A taint that a group's nodes register with, and that something takes off some time after Ready: a
// CNI, CSI or GPU driver that comes up late. The autoscaler must be told of it (--startup-taint),
// else it takes such nodes for ready ones on which nothing fits, and orders more.
#pragma once

#include "sim/cluster/objects.h"
#include "src/core/distribution.h"

namespace casim::sim {

struct StartupTaint {
  Taint taint;
  Distribution removed_after = Distribution::constant(Duration{});  // from Ready
};

}  // namespace casim::sim
