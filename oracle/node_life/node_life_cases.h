// Node life cases: nodes that fall silent, report not Ready, are deleted or lose their machine, and
// what the controllers do about them and their pods. Source: cases/README.md, "Node life".
#pragma once

#include <memory>

#include "oracle/judge/oracle.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_node_life_kind();

}  // namespace casim::oracle
