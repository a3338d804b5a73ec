// Retry cases: scripted replies, and which attempts a real AWS client made, after which delays.
// Source: cases/README.md, "Retries".
#pragma once

#include <memory>

#include "oracle/judge/oracle.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_retry_kind();

}  // namespace casim::oracle
