// Calls a running provider as a cluster-autoscaler does, without ordering anything, and says what
// is not as the contract has it. Source: externalgrpc.md 1, 2.3a, 2.6, 5.
#pragma once

#include <string>
#include <vector>

namespace casim::server {

struct ProbeTarget {
  std::string address;      // "host:port", "unix:/path"
  std::string ca;           // file; empty: plaintext
  std::string certificate;  // files of the client; empty: none is shown
  std::string key;
  std::string proxy;  // HTTPS_PROXY of the environment; empty: none
};

struct ProbeReport {
  bool is_well = true;
  std::vector<std::string> lines;  // what was seen, what is wrong, what to know
};

// Blocks, for up to 5 s a call.
ProbeReport probe(const ProbeTarget& target);

}  // namespace casim::server
