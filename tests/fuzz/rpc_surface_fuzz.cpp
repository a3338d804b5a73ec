// Requests of the externalgrpc service from the wire: answered with a status, whatever they hold.
//   build/fuzz/bin/rpc_surface_fuzz CORPUS
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/rpc_trial.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  casim::fuzz::RpcTally tally;
  casim::fuzz::try_calls({reinterpret_cast<const char*>(data), size}, tally);
  return 0;
}
