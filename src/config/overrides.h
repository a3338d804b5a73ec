// Values given on the command line: --set workloads.openb.file=PATH.
#pragma once

#include <string_view>

#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::config {

// Puts one "path=value" into the document. A list element is named by its "name" or "id", or by
// its index (workloads.openb.file, workloads.0.file, workloads[0].file). A key that is absent is
// added, with the objects above it; the reader judges whether it is allowed. The value is JSON if
// it parses as such, else a string. File paths in it are relative to the working directory.
// False, with a problem that names the nearest, when the path leads nowhere.
bool apply_override(Document& document, std::string_view assignment, Problems& problems);

}  // namespace casim::config
