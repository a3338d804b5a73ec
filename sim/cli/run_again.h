// A stored run made again, with somebody who listens.
#pragma once

#include <cstdint>

#include "sim/cli/interrupt.h"
#include "sim/cli/stored_run.h"
#include "sim/events/fact_tee.h"
#include "sim/world/world.h"

namespace casim::sim {

// Counts what the run tells, and hands it on.
class Replaying : public FactSink {
 public:
  void add(FactSink& sink) { tee_.add(sink); }

  void on_fact(TimePoint at, const Fact& fact) override {
    ++facts_;
    tee_.on_fact(at, fact);
  }

  std::uint64_t facts() const { return facts_; }

 private:
  FactTee tee_;
  std::uint64_t facts_ = 0;
};

// As far as it came. `replaying` is the world's listener. False: it was interrupted.
bool run_again(World& world, const Replaying& replaying, const StoredRun& stored,
               Interrupt& interrupt);

// Says so on stderr where the run is another one now.
void warn_of_digest(const World& world, const StoredRun& stored);

}  // namespace casim::sim
