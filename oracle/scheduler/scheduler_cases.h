// Scheduler cases: nodes, pods and events over time, and when and where the scheduler bound what.
// Source: cases/README.md, "Scheduler".
#pragma once

#include <memory>

#include "oracle/judge/oracle.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_scheduler_kind();

}  // namespace casim::oracle
