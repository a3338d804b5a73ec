// EC2 as provider-http calls it: the composition's mappings make a create of RunInstances for one
// machine, a look of DescribeInstances, and a removal of TerminateInstances. One attempt each,
// without retries. An instance that is terminated, or going to be, is gone. Source:
// provisioning-paths.md 1.2, 1.4, ec2.md 1.4.
#pragma once

#include <functional>
#include <string>

#include "sim/paths/crossplane/config.h"
#include "sim/paths/crossplane/http_target.h"
#include "sim/paths/crossplane/xmachine.h"
#include "src/core/clock.h"
#include "src/ec2/api.h"

namespace casim::sim {

struct Ec2GatewayConfig {
  std::string cluster;
  std::string image_id;
  CrossplaneClientToken client_token = CrossplaneClientToken::kNone;
  CrossplaneObserveUrl observe_url = CrossplaneObserveUrl::kFromReply;
};

class Ec2Gateway final : public HttpTarget {
 public:
  // The xMachine of a Request; null: it is gone.
  using FindOwner = std::function<const XMachine*(std::uint32_t request)>;

  // Both outlive it.
  Ec2Gateway(ec2::Api& api, Clock& clock, FindOwner find_owner, Ec2GatewayConfig config)
      : api_(api), clock_(clock), find_owner_(std::move(find_owner)), config_(std::move(config)) {}

  Awaitable<HttpReply> send(HttpCall call) override;

 private:
  Awaitable<HttpReply> create(HttpCall call);
  Awaitable<HttpReply> observe(HttpCall call);
  Awaitable<HttpReply> remove(HttpCall call);
  Awaitable<ec2::Attempt<ec2::AnyReply>> attempt(ec2::AnyRequest request, TimePoint deadline);

  ec2::Api& api_;
  Clock& clock_;
  FindOwner find_owner_;
  Ec2GatewayConfig config_;
};

}  // namespace casim::sim
