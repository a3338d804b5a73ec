// The composition root of a simulation: picks the concrete parts, wires them, runs them, and reads
// the collectors at the end. Everything lives in one World; several run side by side.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "sim/ec2/call_listener.h"
#include "sim/metrics/collectors.h"
#include "sim/report/pods_csv.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/scenario.h"

namespace casim::sim {

#ifdef CASIM_CHECK_INVARIANTS
inline constexpr bool kChecksByDefault = true;  // the dev preset
#else
inline constexpr bool kChecksByDefault = false;
#endif

struct WorldOptions {
  bool rpc_on_wire = false;  // every read over gRPC; else unchanged answers are reused
  bool check_invariants = kChecksByDefault;  // after every event; see invariants.h
  FactSink* listener = nullptr;              // hears all facts too; outlives the world
  Ec2CallListener* ec2_calls = nullptr;      // hears all calls on EC2; outlives the world
};

// How far a run is.
struct WorldState {
  TimePoint now{};
  TimePoint end = kTimeNever;  // when it is known
  std::int64_t pods_created = 0;
  std::int64_t pods_running = 0;
  std::int64_t nodes_ready = 0;
  LoopId last_loop;  // of the autoscaler; none before the first
};

class World {
 public:
  // Requires: a valid scenario and its plan. `facts`: where all facts are written, or null.
  World(const Scenario& scenario, LoadPlan plan, WorldOptions options, std::ostream* facts);
  // Shuts it down, if nobody did. An exception of the tear-down is lost while another one unwinds
  // the stack, and ends the program otherwise.
  ~World();

  // Kept of each pod that was created, to the end of the run.
  static std::size_t bytes_per_pod();

  // Runs at most so many events. A handler that never ends, a broken invariant (BrokenInvariant):
  // an exception, after which only stop() and reading are left.
  void run(std::uint64_t event_limit);
  bool is_over() const;
  // Ends the run before its time; the summary says so, and what happened if that is given.
  void stop(std::string why, std::string what = "");
  // Ends the processes, when all is read that the run told: tasks that unwind may tell more. Throws
  // what they throw. Nothing runs afterwards.
  void shut_down();

  // What is still under way, if that is known (check_invariants); none: nothing.
  std::optional<std::string> unrest() const;

  std::uint64_t events_run() const;
  WorldState state() const;

  Summary summary() const;  // but for the scenario's name
  const Collectors& collectors() const;
  PodText text_of(PodId pod) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim
