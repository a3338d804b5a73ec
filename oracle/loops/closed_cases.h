// Autoscaler and scheduler together: a small world whose pods the scheduler's model places, judged
// by its figures. Such worlds are not the same in every run of the real ones, so each figure has a
// range. Source: cases/README.md, "Closed loops".
#pragma once

#include <memory>

#include "oracle/judge/oracle.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_closed_kind();

}  // namespace casim::oracle
