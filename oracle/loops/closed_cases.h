// Autoscaler and scheduler together: a small world whose pods the scheduler's model places, judged
// by its figures. Such worlds are not the same in every run of the real ones, so each figure has a
// range. Source: loops/README.md section 6.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "oracle/judge/oracle.h"
#include "oracle/loops/loop_cases.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_closed_kind();

// By the names of `expect`. Times in seconds.
std::map<std::string, double> figures_of(const LoopRun& run);

}  // namespace casim::oracle
