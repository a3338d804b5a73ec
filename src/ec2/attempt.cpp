#include "src/ec2/attempt.h"

#include <cassert>
#include <utility>

namespace casim::ec2 {

AttemptError error_reply(ErrorCode code, std::string message) {
  AttemptError error;
  error.code = name_of(code);
  error.message = std::move(message);
  error.http_status = info_of(code).http_status;
  return error;
}

AttemptError no_reply(Fault fault) {
  assert(fault != Fault::kNone);
  AttemptError error;
  error.fault = fault;
  return error;
}

}  // namespace casim::ec2
