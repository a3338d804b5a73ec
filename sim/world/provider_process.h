// The provider as a process on a machine: what a crash takes away and a restart brings back. The
// store and the gRPC server's socket outlive it.
#pragma once

#include <memory>
#include <optional>

#include "sim/events/facts.h"
#include "sim/faults/process_outages.h"
#include "sim/kernel/kernel.h"
#include "sim/paths/provisioning_path.h"
#include "src/core/random.h"
#include "src/ec2/api.h"
#include "src/provider/ec2_machines.h"
#include "src/provider/memory_store.h"
#include "src/provider/provider.h"
#include "src/server/provider_service.h"

namespace casim::sim {

class ProviderProcess final : public CrashableProcess {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    ec2::Api& ec2;
    provider::MemoryStore& store;
    provider::Observer& observer;
    provider::Ec2Observer& ec2_observer;
    server::ProviderService& service;
    FactSink& facts;
    ProvisioningPath* path = nullptr;  // null: it calls EC2 itself
  };

  struct Options {
    provider::Config provider;
    provider::Ec2MachinesOptions machines;
  };

  ProviderProcess(Options options, Ports ports);
  // Stops it, if nobody did (tear_down.h).
  ~ProviderProcess() override;

  // Starts from the store and answers calls. Throws std::runtime_error when the store refuses.
  void start() override;
  // Everything in memory and in flight is lost; calls are answered UNAVAILABLE until start().
  void crash() override;

  // The end of the world. Requires: the kernel runs no more events; settles it. Throws what tasks
  // throw as they unwind.
  void stop();

  bool is_up() const override { return running_ != nullptr; }

  // Null: down.
  const provider::Provider* find() const { return running_ ? &running_->provider : nullptr; }

 private:
  struct Running {
    Running(const Options& options, const Ports& ports);
    std::unique_ptr<provider::Machines> machines;
    provider::Provider provider;
  };

  Options options_;
  Ports ports_;
  std::unique_ptr<Running> running_;
};

}  // namespace casim::sim
