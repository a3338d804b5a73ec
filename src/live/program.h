// casim-provider as a process: puts the parts together, listens, and reacts to signals. Two threads
// do the work, one at a time by turns: that of the io_context, and the one that takes calls from
// gRPC and answers reads on the spot. The store has a writer of its own, and gRPC has threads.
#pragma once

#include <filesystem>

#include "src/ec2/credentials/credentials.h"
#include "src/live/provider_file.h"

namespace casim::live {

struct ProgramOptions {
  std::filesystem::path config;  // read again at SIGHUP
  // A store that is new takes over the machines that carry the cluster's tags; without it, it is
  // refused where there are any.
  bool adopts = false;
  ec2::Environment environment;
};

// Runs until SIGTERM or SIGINT. False: it could not start, which is logged. Throws
// std::runtime_error where it cannot even begin: certificates, store, endpoint.
bool run_program(const ProviderFile& file, const ProgramOptions& options);

}  // namespace casim::live
