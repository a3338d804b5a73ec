#include "src/ec2/http/http_api.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "src/ec2/failure_kind.h"
#include "src/ec2/query/codec.h"
#include "src/ec2/sigv4.h"
#include "src/http/date.h"

namespace casim::ec2 {
namespace {

// From here on a difference explains a refusal (ec2.md 1.6).
constexpr Duration kSkew = std::chrono::minutes(4);

// EC2 would answer otherwise with other keys.
bool is_about_keys(const AttemptError& error) {
  switch (error.code.known().value_or(ErrorCode::kInternalError)) {
    case ErrorCode::kAuthFailure:
    case ErrorCode::kRequestExpired:
    case ErrorCode::kExpiredToken:
    case ErrorCode::kInvalidClientTokenId:
      return true;
    default:
      return false;
  }
}

Fault fault_of(http::ClientFault fault) {
  switch (fault) {
    case http::ClientFault::kConnectTimeout:
      return Fault::kConnectTimeout;
    case http::ClientFault::kReadTimeout:
      return Fault::kReadTimeout;
    case http::ClientFault::kIncomplete:
    case http::ClientFault::kUnreadable:
      return Fault::kIncompleteReply;
    case http::ClientFault::kNoConnection:
    case http::ClientFault::kTls:
    case http::ClientFault::kReset:
      return Fault::kReset;
  }
  return Fault::kReset;
}

AttemptError no_reply_from(const http::Client& client, const http::ClientError& error) {
  AttemptError out = no_reply(fault_of(error.fault));
  out.message = fmt::format("{}: {}", to_string(client.server()), error.message);
  return out;
}

// With a status of 503, which every retry mode takes for transient: keys may come back.
AttemptError without_keys(const Error& error) {
  AttemptError out;
  out.code = ReplyCode::parse("NoCredentials");
  out.message = error.message;
  out.http_status = 503;
  return out;
}

std::string_view request_id_of(const http::ClientReply& reply) {
  const std::string_view id = reply.header("x-amzn-RequestId");
  return id.empty() ? reply.header("x-amz-request-id") : id;
}

}  // namespace

std::string endpoint_of(std::string_view region) {
  return fmt::format("https://ec2.{}.amazonaws.com{}", region,
                     region.starts_with("cn-") ? ".cn" : "");
}

Awaitable<Attempt<AnyReply>> HttpApi::call(AnyRequest request) {
  const Action action = action_of(request);
  const std::string body = query::encode_request(std::move(request));
  Result<Credentials> keys = co_await ports_.credentials.get();
  if (!keys) {
    const AttemptError error = without_keys(keys.error());
    ports_.observer.on_attempt({action, reason_of(error), error.message, "", Duration()});
    co_return std::unexpected(error);
  }
  std::string first = body;
  Attempt<AnyReply> answer = co_await attempt(action, std::move(first), *keys);
  if (answer || !is_about_keys(answer.error())) co_return answer;
  ports_.credentials.on_refused(*keys);
  const Result<Credentials> others = co_await ports_.credentials.get();
  if (!others || *others == *keys) co_return answer;
  std::string again = body;
  co_return co_await attempt(action, std::move(again), *others);
}

Awaitable<Attempt<AnyReply>> HttpApi::attempt(Action action, std::string body, Credentials keys) {
  const TimePoint from = ports_.clock.now();
  http::ClientRequest request = sign_request(std::move(body), keys);
  auto reply = co_await ports_.client.send(std::move(request));
  Attempt<AnyReply> answer = reply ? read_reply(action, *reply)
                                   : std::unexpected(no_reply_from(ports_.client, reply.error()));
  AttemptSeen seen{.action = action,
                   .outcome = answer ? "" : reason_of(answer.error()),
                   .message = answer ? "" : answer.error().message,
                   .request_id = reply ? std::string(request_id_of(*reply)) : "",
                   .took = ports_.clock.now() - from};
  ports_.observer.on_attempt(seen);
  co_return answer;
}

http::ClientRequest HttpApi::sign_request(std::string body, const Credentials& keys) const {
  const std::string stamp = amz_time(ports_.clock.wall_now() + clock_offset_);
  const SigningScope scope{stamp.substr(0, 8), region_, "ec2"};
  RequestToSign signing;
  signing.path = ports_.client.server().path;
  signing.headers = {{"content-type", std::string(query::kRequestType)},
                     {"host", ports_.client.server().authority()},
                     {"x-amz-date", stamp}};
  if (!keys.session_token.empty()) {
    signing.headers.push_back({"x-amz-security-token", keys.session_token});
  }
  signing.payload_hash = sha256_hex(body);

  http::ClientRequest request;
  request.method = signing.method;
  request.target = signing.path;
  request.body = std::move(body);
  for (const HeaderLine& header : signing.headers) {
    if (header.name != "host") request.headers.emplace_back(header.name, header.value);
  }
  request.headers.emplace_back("authorization",
                               to_header({keys.access_key_id, scope, signed_names(signing.headers),
                                          sign(signing, stamp, scope, keys.secret_access_key)}));
  request.headers.emplace_back("user-agent", "casim-provider");
  return request;
}

Attempt<AnyReply> HttpApi::read_reply(Action action, const http::ClientReply& reply) {
  Attempt<AnyReply> answer = query::decode_reply(action, reply.status, reply.body);
  if (answer) return answer;
  AttemptError& error = answer.error();
  error.retry_after = parse_retry_after(reply.header("x-amz-retry-after"));
  error.http_retry_after = parse_http_retry_after(reply.header("retry-after"));
  if (const std::optional<WallTime> date = http::parse_date(reply.header("date"))) {
    const Duration ahead = *date - ports_.clock.wall_now();
    error.clock_difference = std::chrono::abs(ahead);
    if (is_about_keys(error) && error.clock_difference > kSkew) clock_offset_ = ahead;
  }
  return answer;
}

}  // namespace casim::ec2
