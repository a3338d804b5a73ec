#include "sim/ec2_face/rest_reply.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <boost/beast/http/field.hpp>

#include "sim/ec2_face/rest_machines.h"
#include "src/config/config.h"
#include "src/ec2/error_code.h"

namespace casim::sim {
namespace {

using Field = boost::beast::http::field;
using enum ec2::ErrorCode;

struct CodeStatus {
  ec2::ErrorCode code;
  int status;
};

// Where EC2's own status says less than HTTP could.
constexpr CodeStatus kStatuses[] = {
    {kMissingAuthenticationToken, 401},  {kInvalidInstanceIdNotFound, 404},
    {kIncorrectInstanceState, 409},      {kIncorrectState, 409},
    {kIdempotentParameterMismatch, 409}, {kIdempotentInstanceTerminated, 409},
    {kConcurrentTagAccess, 409},         {kOperationNotPermitted, 409}};

http::Response json_response(int status, std::string body, const ReplyStamp& stamp) {
  return stamped_response(status, "application/json", std::move(body), stamp);
}

std::string error_json(const ec2::AttemptError& error, const ReplyStamp& stamp) {
  return config::to_json(
      config::write(RestError{{std::string(error.code.text()), error.message, stamp.request_id}}));
}

http::Response rest_error(const ec2::AttemptError& error, const ReplyStamp& stamp) {
  const int status = rest_status_of(error);
  http::Response response = json_response(status, body_of(error, error_json(error, stamp)), stamp);
  set_retry_after(response, error);
  if (status == 401) response.set(Field::www_authenticate, "Bearer realm=\"casim\"");
  return response;
}

}  // namespace

int rest_status_of(const ec2::AttemptError& error) {
  const std::optional<ec2::ErrorCode> code = error.code.known();
  if (!code) return error.http_status;
  const auto* row = std::ranges::find(kStatuses, *code, &CodeStatus::code);
  if (row != std::end(kStatuses)) return row->status;
  const bool is_throttled = ec2::info_of(*code).retry == ec2::SdkRetry::kThrottle;
  return is_throttled ? 429 : error.http_status;
}

http::Reply rest_reply(RestAnswer answer, const ReplyStamp& stamp) {
  if (!answer.body && answer.body.error().fault != ec2::Fault::kNone) {
    return http::BrokenReply{"", answer.body.error().fault == ec2::Fault::kReset};
  }
  http::Response response = answer.body
                                ? json_response(answer.status, config::to_json(*answer.body), stamp)
                                : rest_error(answer.body.error(), stamp);
  if (!answer.location.empty()) response.set(Field::location, answer.location);
  if (!answer.allow.empty()) response.set(Field::allow, answer.allow);
  if (!answer.cut) return response;
  return cut_reply(response, *answer.cut, rest_error(unavailable(), stamp));
}

}  // namespace casim::sim
