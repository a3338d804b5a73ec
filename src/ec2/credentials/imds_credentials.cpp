#include "src/ec2/credentials/imds_credentials.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "src/config/units.h"

namespace casim::ec2 {
namespace {

// Keys are renewed at least five minutes before they expire; new ones are there by then.
constexpr Duration kRenewBefore = std::chrono::minutes(5);
constexpr const char* kTokenLife = "21600";  // seconds, the most that there is
constexpr const char* kRoles = "/latest/meta-data/iam/security-credentials/";

http::ClientOptions options_for(const http::Url& endpoint) {
  http::ClientOptions options;
  options.server = endpoint;
  options.connect_timeout = std::chrono::seconds(1);
  options.read_timeout = std::chrono::seconds(2);
  options.max_body = 64 * 1024;
  return options;
}

std::string text_of(const nlohmann::json& document, const char* member) {
  const auto found = document.find(member);
  return found != document.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Result<Credentials> parse_imds_credentials(std::string_view json) {
  const auto document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object()) {
    return failure(ErrorCode::kUnauthenticated, "instance metadata: no JSON object");
  }
  const std::string code = text_of(document, "Code");
  Credentials out{.access_key_id = text_of(document, "AccessKeyId"),
                  .secret_access_key = text_of(document, "SecretAccessKey"),
                  .session_token = text_of(document, "Token")};
  const auto expires = config::parse_wall_time(text_of(document, "Expiration"));
  if (expires) out.expires = *expires;
  if (code != "Success" || out.access_key_id.empty() || out.secret_access_key.empty()) {
    return failure(ErrorCode::kUnauthenticated,
                   fmt::format("instance metadata: no keys (code \"{}\")", code));
  }
  return out;
}

ImdsCredentials::ImdsCredentials(const http::Url& endpoint, Clock& clock,
                                 asio::any_io_executor executor)
    : client_(options_for(endpoint), clock, std::move(executor)), clock_(clock) {}

Awaitable<Result<Credentials>> ImdsCredentials::get() {
  const bool is_due = !known_ || is_refused_ ||
                      (known_->expires && clock_.wall_now() + kRenewBefore >= *known_->expires);
  if (!is_due) co_return *known_;
  Result<Credentials> fresh = co_await fetch();
  if (fresh) {
    known_ = *fresh;
    is_refused_ = false;
    co_return fresh;
  }
  // A metadata service that hiccups must not cost keys that are still good.
  if (known_ && !is_refused_ && clock_.wall_now() < *known_->expires) co_return *known_;
  co_return fresh;
}

void ImdsCredentials::on_refused(const Credentials& refused) {
  if (known_ == refused) is_refused_ = true;
}

Awaitable<Result<std::string>> ImdsCredentials::ask(std::string method, std::string path,
                                                    std::string token) {
  http::ClientRequest request;
  request.method = std::move(method);
  request.target = path;
  if (token.empty()) {
    request.headers.emplace_back("X-aws-ec2-metadata-token-ttl-seconds", kTokenLife);
  } else {
    request.headers.emplace_back("X-aws-ec2-metadata-token", std::move(token));
  }
  auto reply = co_await client_.send(std::move(request));
  if (!reply) {
    co_return failure(ErrorCode::kUnauthenticated,
                      fmt::format("{}: {}", to_string(client_.server()), reply.error().message));
  }
  if (reply->status != 200) {
    co_return failure(ErrorCode::kUnauthenticated, fmt::format("{}: HTTP {}", path, reply->status));
  }
  co_return std::move(reply->body);
}

Awaitable<Result<Credentials>> ImdsCredentials::fetch() {
  Result<std::string> token = co_await ask("PUT", "/latest/api/token", "");
  if (!token) co_return std::unexpected<Error>(std::move(token.error()));
  Result<std::string> roles = co_await ask("GET", kRoles, *token);
  if (!roles) co_return std::unexpected<Error>(std::move(roles.error()));
  const std::string role = roles->substr(0, roles->find_first_of("\r\n"));
  Result<std::string> document = co_await ask("GET", kRoles + role, *std::move(token));
  if (!document) co_return std::unexpected<Error>(std::move(document.error()));
  co_return parse_imds_credentials(*document);
}

}  // namespace casim::ec2
