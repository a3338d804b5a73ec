// Path cases: what provider-http, the controllers of Cluster API, their queues and Crossplane's
// breaker did in small worlds. Source: cases/README.md, "Paths".
#pragma once

#include <memory>

#include "oracle/judge/oracle.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_path_kind();

}  // namespace casim::oracle
