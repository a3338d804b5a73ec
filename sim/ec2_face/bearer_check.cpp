#include "sim/ec2_face/bearer_check.h"

#include <string_view>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>

#include "src/ec2/sigv4.h"

namespace casim::sim {
namespace {

constexpr std::string_view kScheme = "Bearer ";

}  // namespace

ec2::Attempt<void> BearerCheck::check(const http::Request& request) const {
  if (access_.token.empty()) {
    if (access_.is_open_without) return {};
    return ec2::refuse(
        ec2::ErrorCode::kMissingAuthenticationToken,
        "There is no token to call with: casim ec2 was started without --rest-token, "
        "and listens beyond loopback or verifies signatures.");
  }
  const auto header = request[boost::beast::http::field::authorization];
  const std::string_view text(header.data(), header.size());
  if (!boost::beast::iequals(text.substr(0, kScheme.size()), kScheme)) {
    return ec2::refuse(ec2::ErrorCode::kMissingAuthenticationToken,
                       "The request has no header \"Authorization: Bearer TOKEN\".");
  }
  if (ec2::equal_in_constant_time(text.substr(kScheme.size()), access_.token)) return {};
  return ec2::refuse(ec2::ErrorCode::kAuthFailure,
                     "The bearer token is not the one of --rest-token.");
}

}  // namespace casim::sim
