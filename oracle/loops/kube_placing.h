// The little world with the scheduler's model in it: what the world shows is copied to an API
// server of the simulator's own, where the simulator's scheduler works behind its client's limit;
// bindings and marks come back. Source: cases/README.md, "Closed loops".
#pragma once

#include "oracle/loops/little_world.h"
#include "sim/apiserver/api_server.h"
#include "sim/cluster/cluster.h"
#include "sim/scheduler/scheduler.h"

namespace casim::oracle {

class KubePlacing : public sim::Watcher {
 public:
  // Kernel and world outlive it. qps 0: no limit; the burst is twice the rate.
  KubePlacing(sim::Kernel& kernel, LittleWorld& world, double qps);

  // What the little world shows.
  void on_watch(const sim::WatchEvent& event) override;

 private:
  // What the API server shows: the scheduler's work goes back to the world.
  class Answers : public sim::Watcher {
   public:
    explicit Answers(LittleWorld& world) : world_(world) {}

    void on_watch(const sim::WatchEvent& event) override;

   private:
    LittleWorld& world_;
  };

  class NoFacts : public sim::FactSink {
   public:
    void on_fact(TimePoint, const sim::Fact&) override {}
  };

  void copy(const sim::Pod& pod);
  void copy(const sim::Node& node);

  NoFacts no_facts_;
  sim::Cluster cluster_;
  sim::ApiServer api_;
  sim::Scheduler scheduler_;
  Answers answers_;
};

}  // namespace casim::oracle
