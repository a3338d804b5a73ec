// Requests that real EC2 clients sent, each with the call that made it: what casim ec2 reads out of
// the request must be what the call said, whatever the order of the parameters. Source:
// cases/README.md, "EC2 requests".
#pragma once

#include <memory>

#include "oracle/judge/oracle.h"

namespace casim::oracle {

std::unique_ptr<CaseKind> make_ec2_request_kind();

}  // namespace casim::oracle
