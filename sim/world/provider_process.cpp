#include "sim/world/provider_process.h"

#include <stdexcept>

#include "sim/world/tear_down.h"

namespace casim::sim {

namespace {

std::unique_ptr<provider::Machines> make_machines(const ProviderProcess::Options& options,
                                                  const ProviderProcess::Ports& ports) {
  if (ports.path != nullptr) return ports.path->make_machines();
  return std::make_unique<provider::Ec2Machines>(
      options.provider.cluster,
      provider::Ec2Machines::Ports{.api = ports.ec2,
                                   .clock = ports.kernel.clock(Phase::kWorld),
                                   .random = ports.random,
                                   .observer = ports.ec2_observer,
                                   .executor = ports.kernel.executor()},
      options.machines);
}

}  // namespace

ProviderProcess::Running::Running(const Options& options, const Ports& ports)
    : machines(make_machines(options, ports)),
      provider(options.provider, {.clock = ports.kernel.clock(Phase::kWorld),
                                  .store = ports.store,
                                  .machines = *machines,
                                  .observer = ports.observer,
                                  .random = ports.random,
                                  .executor = ports.kernel.executor()}) {}

ProviderProcess::ProviderProcess(Options options, Ports ports)
    : options_(std::move(options)), ports_(ports) {}

ProviderProcess::~ProviderProcess() {
  stop_in_destructor([this] { stop(); });
  // Is left only where its tasks would not end: better lost than dangling.
  static_cast<void>(running_.release());
}

void ProviderProcess::start() {
  if (running_) return;
  running_ = std::make_unique<Running>(options_, ports_);
  if (const auto started = running_->provider.start(); !started) {
    throw std::runtime_error("the provider cannot start: " + started.error().message);
  }
  ports_.service.attach(running_->provider);
}

void ProviderProcess::crash() {
  if (!running_) return;
  ports_.facts.on_fact(ports_.kernel.now(), ProviderCrashed{running_->provider.epoch()});
  ports_.store.crash();
  ports_.service.detach();
  running_->provider.cancel();
  // Its tasks unwind before the next event; what they refer to goes after that.
  auto dying = std::shared_ptr<Running>(std::move(running_));
  ports_.kernel.at(ports_.kernel.now(), Phase::kWorld, [dying] {});
}

void ProviderProcess::stop() {
  if (!running_) return;
  ports_.service.detach();
  running_->provider.cancel();
  settle_wholly(ports_.kernel);
  running_.reset();
}

}  // namespace casim::sim
