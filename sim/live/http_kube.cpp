#include "sim/live/http_kube.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

namespace casim::sim {
namespace {

// Longer than the API server lets a request take (--request-timeout, one minute).
constexpr Duration kPatience = std::chrono::seconds(75);
// A list of all pods of a large cluster.
constexpr std::size_t kLargestReply = std::size_t{512} << 20;

http::ClientOptions options_of(const ClusterAccess& access) {
  const Result<http::Url> url = http::parse_url(access.server);
  if (!url) throw std::runtime_error("server of the kubeconfig: " + url.error().message);
  http::ClientOptions options;
  options.server = *url;
  options.read_timeout = kPatience;
  options.max_body = kLargestReply;
  options.tls = {.ca_pem = access.ca_pem,
                 .certificate_pem = access.certificate_pem,
                 .key_pem = access.key_pem,
                 .server_name = access.server_name,
                 .verifies = !access.skips_verification};
  return options;
}

}  // namespace

HttpKube::HttpKube(const ClusterAccess& access, Clock& clock, asio::any_io_executor executor)
    : token_(access.token), client_(options_of(access), clock, std::move(executor)) {}

Awaitable<Result<KubeReply>> HttpKube::send(KubeRequest request) {
  http::ClientRequest out;
  out.method = request.method;
  const std::string& base = client_.server().path;
  out.target = (base == "/" ? "" : base) + request.path;
  out.headers.emplace_back("Accept", "application/json");
  out.headers.emplace_back("User-Agent", "casim");
  if (!token_.empty()) out.headers.emplace_back("Authorization", "Bearer " + token_);
  if (!request.body.is_null()) {
    out.headers.emplace_back("Content-Type", request.content_type);
    out.body = request.body.dump();
  }
  const auto reply = co_await client_.send(std::move(out));
  if (!reply) {
    co_return failure(ErrorCode::kUnavailable,
                      fmt::format("the API server at {}: {}", http::to_string(client_.server()),
                                  reply.error().message));
  }
  co_return KubeReply{reply->status, reply->body};
}

}  // namespace casim::sim
