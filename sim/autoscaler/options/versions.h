// What differs between the minor releases of cluster-autoscaler that are modelled, 1.34 to 1.37, in
// one table with the source of each row. Code asks has() and compares no release by itself.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace casim::sim {

inline constexpr int kOldestVersion = 34;  // minor release
inline constexpr int kNewestVersion = 37;

// What newer releases do; its row says since when, and what older ones do.
enum class Behaviour {
  kFrequentLoops,
  kDynamicResourceAllocation,
  kNodeStartupTimeOption,
  kStartupTimeOfHealthCheck,
  kNominatedPodsPlaced,
  kSuspendedNodes,
  kUpcomingNeedsRequest,
  kTimedOutScaleUpReverted,
  kBackoffNeedsTemplate,
  kQuotasOfSimilarGroups,
  kHintsByPriority,
  kSimilarityFlagsIgnored,
};

// A row of the table.
struct VersionDifference {
  Behaviour behaviour;
  int since;                // the first minor release that has it
  std::string_view what;    // what is so since then, and what was so before
  std::string_view source;  // upstream's file and function; section of the project's fact sheets
};

// All of them, oldest release first.
std::span<const VersionDifference> version_differences();

// Whether the minor release behaves so.
bool has(Behaviour behaviour, int version);

// A flag of the command line that came after 1.34. None was removed until 1.37.
struct NewFlag {
  std::string_view name;
  int since;  // minor release
};

std::span<const NewFlag> new_flags();

// A flag that was gone before 1.34.
struct RemovedFlag {
  std::string_view name;
  int gone;                  // the first minor release without it
  std::string_view instead;  // what to write; empty: nothing takes its place
};

std::span<const RemovedFlag> removed_flags();
// "was removed in 1.32"; empty: it was not.
std::string removal_of(std::string_view flag);

// The first minor release that knows the flag; those that are in no table all do.
int first_version_of(std::string_view flag);

}  // namespace casim::sim
