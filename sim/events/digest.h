// The fingerprint of a run: a 64-bit hash over all facts with their times, in order. Each field
// goes in with fixed width, little endian, so the digest is the same on every machine; a fact goes
// in by its name, so new kinds of facts do not disturb old digests. Source: design section 2.
#pragma once

#include <cstdint>
#include <string>

#include "sim/events/facts.h"

namespace casim::sim {

class Digest : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override;

  std::uint64_t value() const { return value_; }

  std::uint64_t facts() const { return facts_; }

 private:
  std::uint64_t value_ = 0;
  std::uint64_t facts_ = 0;
  std::string bytes_;  // of the fact at hand, kept for its capacity
};

}  // namespace casim::sim
