#include "src/ec2/attempt.h"

#include <cassert>
#include <utility>

namespace casim::ec2 {

AttemptError error_reply(ErrorCode code, std::string message) {
  AttemptError error;
  error.code = code;
  error.message = std::move(message);
  error.http_status = info_of(code).http_status;
  return error;
}

std::unexpected<AttemptError> refuse(ErrorCode code, std::string message) {
  return std::unexpected(error_reply(code, std::move(message)));
}

AttemptError no_reply(Fault fault) {
  assert(fault != Fault::kNone);
  AttemptError error;
  error.fault = fault;
  return error;
}

std::string reason_of(const AttemptError& error) {
  if (!error.code.empty()) return std::string(error.code.text());
  switch (error.fault) {
    case Fault::kReset:
      return "ConnectionReset";
    case Fault::kConnectTimeout:
      return "ConnectTimeout";
    case Fault::kReadTimeout:
      return "ReadTimeout";
    case Fault::kIncompleteReply:
      return "IncompleteReply";
    case Fault::kNone:
      return "Http" + std::to_string(error.http_status);
  }
  assert(false && "not a Fault");
  return "Unknown";
}

}  // namespace casim::ec2
