// What came of a live session, in numbers. Machines and nodes that were there from the start do not
// count until they go.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "sim/events/facts.h"
#include "sim/world/machine_audit.h"
#include "src/core/rpc_method.h"

namespace casim::sim {

struct FleetAccount {
  std::array<std::int64_t, kRpcMethodCount> calls{};  // that arrived, by method
  std::int64_t orders = 0;                            // IncreaseSize, on record
  std::int64_t ordered = 0;                           // machines, by these
  std::int64_t failed = 0;                            // ordered machines that there never were
  std::int64_t launched = 0;                          // machines that EC2 accepted
  std::int64_t registered = 0;                        // nodes of them
  std::int64_t joined = 0;                            // machines whose node the autoscaler has seen
  std::int64_t terminated = 0;
  std::optional<MachineFaults> machines;  // none: the provider was never at rest

  std::int64_t all_calls() const;
};

// Counts what facts say.
class FleetCounts final : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override;

  void count_call(RpcMethod method) { ++account_.calls[static_cast<std::size_t>(method)]; }

  const FleetAccount& account() const { return account_; }

 private:
  FleetAccount account_;
};

}  // namespace casim::sim
