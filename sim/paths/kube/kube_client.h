// A controller's client of the management cluster's API: its requests take turns in a token bucket,
// in order of asking, and take their time. Reads come from caches and cost nothing.
// Source: provisioning-paths.md 1.1 (kube client QPS), 2.2, 1.5 xp.kube_call.
#pragma once

#include <cstdint>
#include <string>

#include "sim/kernel/kernel.h"
#include "src/core/asio.h"
#include "src/core/distribution.h"
#include "src/core/random.h"
#include "src/core/token_bucket.h"

namespace casim::sim {

struct KubeClientConfig {
  double qps = 0;  // 0: no limit
  int burst = 0;
  Distribution call;  // of one request, its turn not counted
};

class KubeClient {
 public:
  // Kernel and randomness outlive it. `name` names its draws.
  KubeClient(Kernel& kernel, const Random& random, std::string name, KubeClientConfig config)
      : kernel_(kernel),
        random_(random),
        name_(std::move(name)),
        config_(std::move(config)),
        bucket_(config_.qps, config_.burst) {}

  // Ends at the instant at which the server carries the request out: what the caller does to the
  // object then is what it wrote. `object`, `n`: whose request it is, for the draw of its time.
  Awaitable<void> request(std::uint64_t object, std::uint64_t n);

  std::uint64_t requests() const { return requests_; }

 private:
  Kernel& kernel_;
  const Random& random_;
  std::string name_;
  KubeClientConfig config_;
  TokenBucket bucket_;
  std::uint64_t requests_ = 0;
};

}  // namespace casim::sim
