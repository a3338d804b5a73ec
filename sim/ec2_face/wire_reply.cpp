#include "sim/ec2_face/wire_reply.h"

#include <cassert>
#include <utility>

#include <fmt/format.h>
#include <boost/beast/http/status.hpp>

#include "src/ec2/query/codec.h"
#include "src/http/date.h"

namespace casim::sim {
namespace {

namespace beast_http = boost::beast::http;

http::Response response_of(int status, std::string body, const ReplyStamp& stamp) {
  return stamped_response(status, ec2::query::kReplyType, std::move(body), stamp);
}

// Status line and headers with this one, up to the empty line.
std::string head_of(const http::Response& response, const std::string& length_header) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", response.result_int(),
                                 std::string(beast_http::obsolete_reason(response.result())));
  for (const auto& line : response) {
    head += fmt::format("{}: {}\r\n", std::string(line.name_string()), std::string(line.value()));
  }
  return head + length_header + "\r\nConnection: close\r\n\r\n";
}

http::BrokenReply cut_in_body(const http::Response& response) {
  const std::string& body = response.body();
  return {head_of(response, fmt::format("Content-Length: {}", body.size())) +
          body.substr(0, body.size() / 2)};
}

}  // namespace

http::Response stamped_response(int status, std::string_view content_type, std::string body,
                                const ReplyStamp& stamp) {
  http::Response response(static_cast<beast_http::status>(status), 11);
  response.set(beast_http::field::content_type, std::string(content_type));
  response.set(beast_http::field::date, http::write_date(stamp.date));
  response.set("x-amzn-RequestId", stamp.request_id);
  response.body() = std::move(body);
  return response;
}

std::string body_of(const ec2::AttemptError& error, std::string whole) {
  switch (error.body) {
    case ec2::BodyForm::kXml:
      return whole;
    case ec2::BodyForm::kEmpty:
      return "";
    case ec2::BodyForm::kOther:
      return error.message;
  }
  assert(false && "not a BodyForm");
  return "";
}

ec2::AttemptError unavailable() {
  return ec2::error_reply(ec2::ErrorCode::kServiceUnavailable,
                          "The request has failed due to a temporary failure of the server.");
}

http::BrokenReply cut_reply(const http::Response& response, ReplyCut cut,
                            const http::Response& instead) {
  const std::string& body = response.body();
  const std::string head = head_of(response, fmt::format("Content-Length: {}", body.size()));
  switch (cut) {
    case ReplyCut::kReset:
      return {"", true};
    case ReplyCut::kNothing:
      return {""};
    case ReplyCut::kInHeaders:
      return {head.substr(0, head.size() / 2)};
    case ReplyCut::kAfterHeaders:
      return {head};
    case ReplyCut::kInBody:
      return cut_in_body(response);
    case ReplyCut::kInChunks:
      return {head_of(response, "Transfer-Encoding: chunked") +
              fmt::format("{:x}\r\n{}\r\n", body.size(), body)};
    case ReplyCut::kInBodyOf503:
      return cut_in_body(instead);
  }
  assert(false && "not a ReplyCut");
  return {};
}

void set_retry_after(http::Response& response, const ec2::AttemptError& error) {
  if (error.retry_after) {
    response.set("x-amz-retry-after",
                 std::to_string(*error.retry_after / std::chrono::milliseconds(1)));
  }
  if (error.http_retry_after) {
    response.set(beast_http::field::retry_after,
                 std::to_string(*error.http_retry_after / std::chrono::seconds(1)));
  }
}

http::Response error_response(const ec2::AttemptError& error, const ReplyStamp& stamp) {
  http::Response response = response_of(
      error.http_status, body_of(error, ec2::query::encode_error(error, stamp.request_id)), stamp);
  set_retry_after(response, error);
  return response;
}

http::Reply wire_reply(WireAnswer answer, const ReplyStamp& stamp) {
  if (!answer.reply && answer.reply.error().fault != ec2::Fault::kNone) {
    return http::BrokenReply{"", answer.reply.error().fault == ec2::Fault::kReset};
  }
  http::Response response =
      answer.reply
          ? response_of(200, ec2::query::encode_reply(*std::move(answer.reply), stamp.request_id),
                        stamp)
          : error_response(answer.reply.error(), stamp);
  if (answer.cut) {
    return cut_reply(response, *answer.cut, error_response(unavailable(), stamp));
  }
  return response;
}

}  // namespace casim::sim
