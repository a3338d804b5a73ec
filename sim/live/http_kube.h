// A real API server, over HTTP.
#pragma once

#include <string>

#include "sim/live/kube_api.h"
#include "sim/live/kubeconfig.h"
#include "src/core/clock.h"
#include "src/http/client.h"

namespace casim::sim {

class HttpKube final : public KubeApi {
 public:
  // Throws std::runtime_error when the access is of no use: no URL, no certificate. Clock and
  // executor outlive it.
  HttpKube(const ClusterAccess& access, Clock& clock, asio::any_io_executor executor);

  Awaitable<Result<KubeReply>> send(KubeRequest request) override;

 private:
  std::string token_;
  http::Client client_;
};

}  // namespace casim::sim
