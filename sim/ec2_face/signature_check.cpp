#include "sim/ec2_face/signature_check.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "src/ec2/sigv4.h"
#include "src/http/date.h"

namespace casim::sim {
namespace {

using ec2::ErrorCode;

constexpr Duration kFreshFor = std::chrono::minutes(15);  // 7: clock_skew_limit
constexpr std::string_view kUnsigned = "UNSIGNED-PAYLOAD";

// As a header and all its repetitions mean it; none: it is not there.
std::optional<std::string> header(const http::Request& request, std::string_view name) {
  std::optional<std::string> value;
  const auto [begin, end] = request.equal_range({name.data(), name.size()});
  for (auto line = begin; line != end; ++line) {
    value = value ? *value + "," + std::string(line->value()) : std::string(line->value());
  }
  return value;
}

// When it was signed, by X-Amz-Date or by Date.
std::optional<WallTime> stamp_of(const http::Request& request) {
  if (const auto text = header(request, "x-amz-date")) return ec2::parse_amz_time(*text);
  if (const auto text = header(request, "date")) {
    if (const auto time = http::parse_date(*text)) return time;
    return ec2::parse_amz_time(*text);
  }
  return std::nullopt;
}

// What the caller signed, as it arrived here.
ec2::Attempt<ec2::RequestToSign> signed_part(const http::Request& request,
                                             const ec2::Authorization& authorization) {
  ec2::RequestToSign out;
  const std::string_view target(request.target().data(), request.target().size());
  const std::size_t mark = target.find('?');
  out.method = std::string(request.method_string());
  out.path = std::string(target.substr(0, mark));
  if (mark != std::string_view::npos) out.query = std::string(target.substr(mark + 1));
  for (const std::string& name : authorization.signed_headers) {
    const auto value = header(request, name);
    if (!value) {
      return ec2::refuse(ErrorCode::kIncompleteSignature,
                         fmt::format("The header {} is signed and not there.", name));
    }
    out.headers.push_back({name, *value});
  }
  const std::string body_hash = ec2::sha256_hex(request.body());
  out.payload_hash = header(request, "x-amz-content-sha256").value_or(body_hash);
  if (out.payload_hash == body_hash || out.payload_hash == kUnsigned) return out;
  return ec2::refuse(ErrorCode::kAuthFailure, "X-Amz-Content-SHA256 is not the hash of the body.");
}

ec2::Attempt<void> check_form(const ec2::Authorization& authorization) {
  const auto& names = authorization.signed_headers;
  if (std::ranges::find(names, "host") == names.end()) {
    return ec2::refuse(ErrorCode::kIncompleteSignature, "The header host must be signed.");
  }
  if (authorization.scope.service == "ec2") return {};
  return ec2::refuse(ErrorCode::kAuthFailure,
                     fmt::format("The credential is scoped to the service {}, not to ec2.",
                                 authorization.scope.service));
}

ec2::Attempt<void> check_time(WallTime stamp, WallTime now, const ec2::SigningScope& scope) {
  if (std::chrono::abs(now - stamp) > kFreshFor) {
    return ec2::refuse(ErrorCode::kRequestExpired,
                       fmt::format("Request has expired. It was signed at {}; it is {}.",
                                   ec2::amz_time(stamp), ec2::amz_time(now)));
  }
  if (ec2::amz_time(stamp).starts_with(scope.date)) return {};
  return ec2::refuse(ErrorCode::kAuthFailure,
                     "The date of the credential's scope is not that of the signature.");
}

}  // namespace

std::vector<std::pair<SignatureMode, std::string_view>> enum_names(SignatureMode) {
  return {{SignatureMode::kOff, "off"},
          {SignatureMode::kParse, "parse"},
          {SignatureMode::kVerify, "verify"}};
}

ec2::Attempt<void> SignatureCheck::check(const http::Request& request, WallTime real_now) const {
  if (mode_ == SignatureMode::kOff) return {};
  const auto text = header(request, "authorization");
  if (!text) {
    return ec2::refuse(ErrorCode::kMissingAuthenticationToken,
                       "Request is missing the header Authorization.");
  }
  const auto authorization = ec2::parse_authorization(*text);
  if (!authorization) {
    return ec2::refuse(ErrorCode::kIncompleteSignature,
                       "The header Authorization is not of the form of AWS4-HMAC-SHA256.");
  }
  if (auto form = check_form(*authorization); !form) return form;
  const auto stamp = stamp_of(request);
  if (!stamp) {
    return ec2::refuse(ErrorCode::kIncompleteSignature,
                       "The request has neither X-Amz-Date nor Date, or it is no time.");
  }
  const auto to_sign = signed_part(request, *authorization);
  if (!to_sign) return std::unexpected(to_sign.error());
  if (mode_ == SignatureMode::kParse) return {};
  const auto who =
      std::ranges::find(known_, authorization->access_key_id, &KnownCredentials::access_key_id);
  if (who == known_.end() ||
      header(request, "x-amz-security-token").value_or("") != who->session_token) {
    return ec2::refuse(ErrorCode::kAuthFailure,
                       "AWS was not able to validate the provided access credentials");
  }
  if (auto time = check_time(*stamp, real_now, authorization->scope); !time) return time;
  const std::string expected =
      ec2::sign(*to_sign, ec2::amz_time(*stamp), authorization->scope, who->secret);
  if (ec2::equal_in_constant_time(expected, authorization->signature)) return {};
  return ec2::refuse(
      ErrorCode::kAuthFailure,
      "AWS was not able to validate the provided access credentials: the signature is "
      "not that of the request and the secret");
}

}  // namespace casim::sim
