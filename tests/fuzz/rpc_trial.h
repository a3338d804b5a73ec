// Calls as anybody on the wire may make them: any bytes as a request of any method, to the real
// handlers over a provider with a willing EC2 and a store in memory, between restarts. The bytes
// are no request, or the call has a status; one that failed has changed nothing, what the provider
// knows is what it has stored, and its invariants hold. Anything else ends the process.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace casim::fuzz {

struct RpcTally {
  int refused = 0;                                     // bytes that are no request
  std::map<std::pair<std::string, int>, int> answers;  // by method and gRPC code
};

// Adds to the tally.
void try_calls(std::string_view bytes, RpcTally& tally);

}  // namespace casim::fuzz
