#include "sim/cli/host.h"

#include <build_info.h>

namespace casim::sim {

const char* build_commit() { return CASIM_COMMIT; }

const char* build_kind() { return CASIM_BUILD; }

}  // namespace casim::sim
