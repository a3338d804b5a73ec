// Cases of workload controllers: what they create and delete, and when, as pods start, fail and are
// refused. Source: cases/README.md, "Workloads".
#pragma once

#include <memory>

#include "oracle/judge/oracle.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_workload_kind();

}  // namespace casim::oracle
