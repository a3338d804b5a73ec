// Where EC2 had no machine to give a moment ago, so that it is not asked again at once: a pool that
// is empty stays so for minutes, and a limit of the Region holds in every zone. In memory only: a
// restarted provider asks anew. Source: ec2.md 2.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "src/core/time.h"
#include "src/ec2/attempt.h"
#include "src/provider/types.h"

namespace casim::provider {

// How far a shortage reaches.
enum class ShortageScope : std::uint8_t {
  kPool,    // the type in the zone
  kType,    // the type in every zone: a quota that counts types or families
  kZone,    // every type in the zone: its subnet is full
  kRegion,  // every pool: a quota of the account for what every instance needs
};

// Requires: ErrorCodeInfo::is_shortage.
ShortageScope scope_of(ec2::ErrorCode code);

class Shortages {
 public:
  // `cooldown`: how long each is remembered.
  explicit Shortages(Duration cooldown) : cooldown_(cooldown) {}

  // A launch in the pool met it. Requires: its code is known and a shortage.
  void note(const std::string& type, const std::string& zone, const ec2::AttemptError& error,
            TimePoint now);
  // The pool gave fewer than it was asked for.
  void note_partial(const std::string& type, const std::string& zone, TimePoint now);
  // What a launch in the pool would meet; null: nothing is known. Until the next note.
  const SlotFailure* find(const std::string& type, const std::string& zone, TimePoint now) const;

 private:
  struct Shortage {
    TimePoint until;
    SlotFailure failure;
  };

  // Of type and zone; either is empty where it reaches all of them.
  std::map<std::pair<std::string, std::string>, Shortage> shortages_;
  Duration cooldown_;
};

}  // namespace casim::provider
