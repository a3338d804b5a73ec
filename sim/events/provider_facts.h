// What happened at the provider (facts.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/events/fact_fields.h"
#include "src/core/id.h"

namespace casim::sim {

struct ProviderStarted {
  static constexpr const char* kName = "ProviderStarted";
  std::uint64_t epoch = 0;

  CASIM_FACT_FIELDS(epoch)
};

struct ProviderCrashed {
  static constexpr const char* kName = "ProviderCrashed";
  std::uint64_t epoch = 0;

  CASIM_FACT_FIELDS(epoch)
};

// A mutating call reached the server and was answered. Reads are counted, not reported. A deletion
// runs outside loops: its nodes join it with the ScaleDownDecided of the loop behind it.
struct MutationHandled {
  static constexpr const char* kName = "MutationHandled";
  LoopId loop;  // none: outside a loop
  std::string method;
  std::string group;
  std::int32_t delta = 0;
  std::vector<std::string> nodes;  // of DeleteNodes
  std::int32_t code = 0;           // gRPC, 0 = OK

  CASIM_FACT_FIELDS(loop, method, group, delta, nodes, code)
};

// Durably; and as it stands, when the provider starts.
struct GroupTargetChanged {
  static constexpr const char* kName = "GroupTargetChanged";
  std::string group;
  std::int32_t target = 0;

  CASIM_FACT_FIELDS(group, target)
};

struct IncreaseSizeCommitted {  // durable at the server, slot by slot
  static constexpr const char* kName = "IncreaseSizeCommitted";
  LoopId loop;
  std::string group;
  std::vector<SlotId> slots;

  CASIM_FACT_FIELDS(loop, group, slots)
};

struct SlotLaunched {  // the provider knows the slot's machine
  static constexpr const char* kName = "SlotLaunched";
  SlotId slot;
  std::string instance;

  CASIM_FACT_FIELDS(slot, instance)
};

struct SlotFailed {
  static constexpr const char* kName = "SlotFailed";
  SlotId slot;
  std::string code;

  CASIM_FACT_FIELDS(slot, code)
};

struct SlotJoined {
  static constexpr const char* kName = "SlotJoined";
  SlotId slot;
  std::string instance;

  CASIM_FACT_FIELDS(slot, instance)
};

struct SlotCancelled {
  static constexpr const char* kName = "SlotCancelled";
  SlotId slot;

  CASIM_FACT_FIELDS(slot)
};

struct SlotGone {
  static constexpr const char* kName = "SlotGone";
  SlotId slot;

  CASIM_FACT_FIELDS(slot)
};

// Crossplane's provider has noticed that it does not know how the slot's creation ended, and does
// nothing more for it.
struct CreationStuck {
  static constexpr const char* kName = "CreationStuck";
  SlotId slot;

  CASIM_FACT_FIELDS(slot)
};

struct CreationFreed {  // an operator has removed the mark: it goes on
  static constexpr const char* kName = "CreationFreed";
  SlotId slot;

  CASIM_FACT_FIELDS(slot)
};

}  // namespace casim::sim
