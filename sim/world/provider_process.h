// The provider as a process on a machine: what a crash takes away and a restart brings back. The
// store and the gRPC server's socket outlive it.
#pragma once

#include <memory>
#include <optional>

#include "sim/kernel/kernel.h"
#include "src/core/random.h"
#include "src/ec2/api.h"
#include "src/provider/ec2_machines.h"
#include "src/provider/memory_store.h"
#include "src/provider/provider.h"
#include "src/server/provider_service.h"

namespace casim::sim {

class ProviderProcess {
 public:
  struct Ports {  // all outlive it
    Kernel& kernel;
    const Random& random;
    ec2::Api& ec2;
    provider::MemoryStore& store;
    provider::Observer& observer;
    server::ProviderService& service;
  };

  ProviderProcess(provider::Config config, Ports ports);
  // Requires: the kernel runs no more events; settles it.
  ~ProviderProcess();

  // Starts from the store and answers calls. Throws std::runtime_error when the store refuses.
  void start();
  // Everything in memory and in flight is lost; calls are answered UNAVAILABLE until start().
  void crash();

  bool is_up() const { return running_ != nullptr; }

  std::uint64_t epoch() const;  // Requires: is_up()

 private:
  struct Running {
    Running(const provider::Config& config, const Ports& ports);
    provider::Ec2Machines machines;
    provider::Provider provider;
  };

  provider::Config config_;
  Ports ports_;
  std::unique_ptr<Running> running_;
};

}  // namespace casim::sim
