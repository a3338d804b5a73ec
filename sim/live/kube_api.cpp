#include "sim/live/kube_api.h"

#include <utility>

#include <fmt/format.h>

namespace casim::sim {
namespace {

ErrorCode code_of(int status, bool creates) {
  switch (status) {
    case 401:
      return ErrorCode::kUnauthenticated;
    case 403:
      return ErrorCode::kPermissionDenied;
    case 404:
    case 410:
      return ErrorCode::kNotFound;
    case 409:
      return creates ? ErrorCode::kAlreadyExists : ErrorCode::kConflict;
    case 408:
    case 429:
      return ErrorCode::kUnavailable;
    default:
      return status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalidArgument;
  }
}

// The message of a metav1.Status.
std::string message_of(const nlohmann::json& body) {
  if (!body.is_object()) return "";
  const auto message = body.find("message");
  return message != body.end() && message->is_string() ? message->get<std::string>() : "";
}

}  // namespace

KubeRequest get_of(std::string path) { return {"GET", std::move(path), nullptr, ""}; }

KubeRequest post_of(std::string path, nlohmann::json object) {
  return {"POST", std::move(path), std::move(object), "application/json"};
}

KubeRequest patch_of(std::string path, nlohmann::json changes, const char* kind) {
  return {"PATCH", std::move(path), std::move(changes), kind};
}

KubeRequest delete_of(std::string path, nlohmann::json options) {
  return {"DELETE", std::move(path), std::move(options), "application/json"};
}

Awaitable<Result<nlohmann::json>> call(KubeApi& api, KubeRequest request) {
  const std::string what = fmt::format("{} {}", request.method, request.path);
  const bool creates = request.method == "POST";
  const Result<KubeReply> reply = co_await api.send(std::move(request));
  if (!reply) co_return std::unexpected(reply.error());
  nlohmann::json body = nlohmann::json::parse(reply->body, nullptr, /*allow_exceptions=*/false);
  if (reply->status >= 200 && reply->status < 300 && !body.is_discarded()) co_return body;
  const std::string message = body.is_discarded() ? "" : message_of(body);
  co_return failure(code_of(reply->status, creates),
                    fmt::format("{} is answered with {}{}{}", what, reply->status,
                                message.empty() ? "" : ": ", message));
}

}  // namespace casim::sim
