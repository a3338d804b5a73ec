#include "sim/ec2/errors.h"

#include <utility>

namespace casim::sim {

int http_status_of(std::string_view code) {
  if (code == "RequestLimitExceeded") return 503;
  if (code == "InsufficientInstanceCapacity") return 500;
  return 400;  // the model's other codes are all faults of the client
}

ec2::AttemptError ec2_error(std::string_view code, std::string message) {
  ec2::AttemptError error;
  error.code = code;
  error.message = std::move(message);
  error.http_status = http_status_of(code);
  return error;
}

}  // namespace casim::sim
