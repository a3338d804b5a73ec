#include "sim/world/path_process.h"

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sim/paths/cluster_api/cluster_api_path.h"
#include "sim/paths/credentials/credentials.h"
#include "sim/paths/crossplane/crossplane_path.h"
#include "sim/paths/rancher/registration.h"
#include "sim/scenario/resolve.h"
#include "sim/world/part_configs.h"
#include "sim/world/tear_down.h"

namespace casim::sim {
namespace {

std::unique_ptr<ProvisioningPath> make_path(const Scenario& scenario,
                                            const PathProcess::Ports& ports) {
  const provider::Config provider = resolve_provider(scenario);
  const std::string image = ec2_machines_options(scenario).image_id;
  if (const auto* crossplane = std::get_if<CrossplaneConfig>(&scenario.provider.path.body)) {
    const CrossplanePath::Ports of{ports.kernel, ports.random, ports.ec2, ports.facts};
    return std::make_unique<CrossplanePath>(of, *crossplane, provider.cluster, image);
  }
  if (const auto* cluster_api = std::get_if<ClusterApiPathConfig>(&scenario.provider.path.body)) {
    const ClusterApiPath::Ports of{ports.kernel, ports.random, ports.ec2};
    return std::make_unique<ClusterApiPath>(of, *cluster_api, provider.cluster, image,
                                            provider.groups);
  }
  return nullptr;
}

// Of a machine whose registration has begun its outcome is known.
class RegisteredByRancher final : public BootConditions {
 public:
  RegisteredByRancher(const RancherConfig& config, const Random& random, Kernel& kernel)
      : state_(std::make_unique<State>(RancherRegistration(config, random))), kernel_(kernel) {}

  TimePoint registers_from(const ec2::Instance& instance, TimePoint at) const override {
    const auto known = state_->courses.find(instance.id);
    if (known != state_->courses.end()) return known->second;
    const Duration age = kernel_.wall(at) - instance.launch_time;
    const TimePoint from = state_->registration.run(instance.id, at - age, at).at;
    state_->courses.emplace(instance.id, from);
    return from;
  }

 private:
  struct State {
    explicit State(RancherRegistration of) : registration(std::move(of)) {}

    RancherRegistration registration;
    std::map<std::string, TimePoint> courses;  // by instance
  };

  std::unique_ptr<State> state_;
  Kernel& kernel_;
};

class CalledWith final : public Ec2Conditions {
 public:
  explicit CalledWith(std::unique_ptr<Credentials> credentials)
      : credentials_(std::move(credentials)) {}

  CallConditions on_call(const Ec2Arrival& arrival) const override {
    CallConditions conditions;
    if (const auto code = credentials_->refusal_at(arrival.at)) {
      conditions.refusal = Ec2Refusal{ec2::error_reply(*code, "the credentials are not good"), {}};
    }
    return conditions;
  }

 private:
  std::unique_ptr<Credentials> credentials_;
};

std::unique_ptr<Credentials> make_credentials(const Scenario& scenario, const Random& random) {
  if (const auto* secret = std::get_if<RotatedCredentials>(&scenario.credentials.body)) {
    return std::make_unique<SecretCredentials>(*secret, random);
  }
  if (const auto* session = std::get_if<TemporaryCredentials>(&scenario.credentials.body)) {
    return std::make_unique<SessionCredentials>(*session, random);
  }
  return nullptr;
}

// Registration and credentials.
void add_conditions(const Scenario& scenario, const PathProcess::Ports& ports) {
  if (const auto* rancher = std::get_if<RancherConfig>(&scenario.registration.body)) {
    ports.boot_conditions.add(
        kTimeZero, kTimeNever,
        std::make_unique<RegisteredByRancher>(*rancher, ports.random, ports.kernel));
  }
  if (std::unique_ptr<Credentials> credentials = make_credentials(scenario, ports.random)) {
    ports.ec2_conditions.add(kTimeZero, kTimeNever,
                             std::make_unique<CalledWith>(std::move(credentials)));
  }
}

}  // namespace

PathProcess::PathProcess(const Scenario& scenario, Ports ports)
    : kernel_(ports.kernel), path_(make_path(scenario, ports)) {
  add_conditions(scenario, ports);
}

PathProcess::~PathProcess() {
  stop_in_destructor([this] { stop(); });
  // Is left only where its tasks would not end: better lost than dangling.
  static_cast<void>(path_.release());
}

void PathProcess::start(ApiServer& api, const std::vector<ec2::Instance>& machines) {
  if (!path_) return;
  for (const ec2::Instance& machine : machines) path_->adopt(machine);
  // The path has its own lag.
  api.add_watcher(*this, {.delay = {}, .phase = Phase::kWorld});
  path_->start();
}

void PathProcess::stop() {
  if (!path_) return;
  path_->stop();
  settle_wholly(kernel_);
  path_.reset();
}

void PathProcess::on_watch(const WatchEvent& event) {
  if (const auto* changed = std::get_if<NodeChanged>(&event)) {
    path_->on_node(changed->node->provider_id, changed->node->ready);
  } else if (const auto* removed = std::get_if<NodeRemoved>(&event)) {
    path_->on_node_gone(removed->last->provider_id);
  }
}

}  // namespace casim::sim
