// A Kubernetes API server as its clients here call it: one call is one request, and what to do
// about a failure is the caller's.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "src/core/asio.h"
#include "src/core/result.h"

namespace casim::sim {

struct KubeRequest {
  std::string method;
  std::string path;     // with the query
  nlohmann::json body;  // null: none
  std::string content_type;
};

// How the API server takes a patch: members replace, or lists of conditions merge by their type.
inline constexpr const char* kMergePatch = "application/merge-patch+json";
inline constexpr const char* kStrategicPatch = "application/strategic-merge-patch+json";

// By functions: GCC 12 destroys what is put together inside a co_await expression twice.
KubeRequest get_of(std::string path);
KubeRequest post_of(std::string path, nlohmann::json object);
KubeRequest patch_of(std::string path, nlohmann::json changes, const char* kind);
KubeRequest delete_of(std::string path, nlohmann::json options = nullptr);

struct KubeReply {
  int status = 0;
  std::string body;
};

class KubeApi {
 public:
  virtual ~KubeApi() = default;
  // UNAVAILABLE, with a sentence: no reply.
  virtual Awaitable<Result<KubeReply>> send(KubeRequest request) = 0;
};

// The object that is answered. Refusals as errors: NOT_FOUND, ALREADY_EXISTS (of a POST), kConflict
// (of anything else), UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT for what will never be
// accepted, UNAVAILABLE for what may be later.
Awaitable<Result<nlohmann::json>> call(KubeApi& api, KubeRequest request);

}  // namespace casim::sim
