// The autoscaler's writes as requests of its API client: each passes the client's limit and the
// write latency, and may be refused as stale. A caller that is cancelled leaves its request behind;
// it is served all the same.
#pragma once

#include "sim/apiserver/api_client.h"
#include "sim/autoscaler/cluster/cluster_writer.h"
#include "src/core/asio.h"

namespace casim::sim {

class ApiWriter final : public ClusterWriter {
 public:
  // The client outlives the writer, and so does the executor.
  ApiWriter(ApiClient& client, asio::any_io_executor executor)
      : client_(client), executor_(std::move(executor)) {}

  Awaitable<Result<NodePtr>> update_node(NodeUpdate update) override;
  Awaitable<Result<NodePtr>> get_node(std::string name) override;
  Awaitable<Result<void>> evict(PodId pod, Duration grace) override;
  Awaitable<Result<Pod>> get_pod(PodId pod) override;
  // The ConfigMap is read and written: two requests (algorithm 1.2a).
  Awaitable<Result<void>> write_status(StatusWrite status) override;
  Awaitable<Result<void>> write_event() override;

 private:
  ApiClient& client_;
  asio::any_io_executor executor_;
};

}  // namespace casim::sim
