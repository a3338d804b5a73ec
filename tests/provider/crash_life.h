// A life of a provider that is killed where one says: an autoscaler orders, joins, deletes and
// refreshes by a fixed plan, EC2 and the store have their troubles, and in the end all that was
// acknowledged must be so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "src/core/time.h"
#include "tests/provider/port_calls.h"

namespace casim::provider {

// What is wrong beside the kills.
enum class Trouble : std::uint8_t {
  kNone,
  kThrottled,    // EC2 refuses launches for longer than the SDK tries
  kAdaptive,     // the same, and the client has a rate of its own
  kNoTimeLimit,  // a client whose attempts wait for ever
  kSilent,       // the first calls are answered after their time limit
  kPoolFull,     // the preferred pool has no machine
  kPoolSmall,    // it has one
  kNoList,       // the first lists of each life fail
  kNoTerminate,  // so do terminations
  kStoreFails,   // for a while, when launches are answered
  kGathered,  // orders go together, calls have a rate of their own, and the store fails meanwhile
  kSpent,     // the first machines are terminated before anybody is told of them
};

inline constexpr std::string_view kTroubleNames[] = {
    "none",       "throttled", "adaptive",     "no time limit", "silent",   "pool full",
    "pool small", "no list",   "no terminate", "store fails",   "gathered", "spent"};
inline constexpr std::size_t kTroubles = std::size(kTroubleNames);

// What is wrong with the provider, for a test that has to find it.
enum class Mutation : std::uint8_t { kNone, kAcknowledgesEarly, kNewTokenOnReplay };

struct CrashCase {
  Trouble trouble = Trouble::kNone;
  bool loses_replies = false;    // the first launches are made, and nobody is told
  std::vector<Kill> kills = {};  // of one life after the other
  Duration down_for{};           // from each to the next start
  Mutation mutation = Mutation::kNone;
};

struct CrashReport {
  std::string fault;                // what does not hold; empty: all does
  std::vector<CallSite> calls;      // of the first life, until it ended or the plan was done
  std::vector<CallSite> killed_at;  // kills that came to pass
};

CrashReport run_crash_case(const CrashCase& crash);

// Two kills, drawn, as all of the case.
CrashCase drawn_pair(std::uint64_t seed);

// For people: "throttled, lost replies, killed at call 12 before".
std::string to_string(const CrashCase& crash);

}  // namespace casim::provider
