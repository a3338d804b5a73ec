// Tasks that throw while their process ends: that is told where somebody asks for the end, and
// never ends the program.
#include <stdexcept>

#include <boost/system/system_error.hpp>

#include "sim/autoscaler/simulator/compute_time.h"
#include "sim/ec2/ec2_model.h"
#include "sim/rpc/simulated_server.h"
#include "sim/world/autoscaler_process.h"
#include "sim/world/provider_process.h"
#include "tests/autoscaler/quiet_rpc.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

using LeakOnPurpose = __lsan::ScopedDisabler;
#else
struct LeakOnPurpose {
  LeakOnPurpose() {}
};
#endif

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

// Waits for ever, and takes its cancellation badly.
Awaitable<void> wait_and_throw(Clock& clock) {
  try {
    co_await clock.sleep_until(kTimeNever);
  } catch (const boost::system::system_error&) {
    throw std::runtime_error("last words");
  }
}

class ForgottenFacts : public FactSink {
 public:
  void on_fact(TimePoint, const Fact&) override {}
};

class HangingRpc : public QuietRpc {
 public:
  explicit HangingRpc(Clock& clock) : clock_(clock) {}

  Reply<void> refresh(RpcContext) override {
    co_await wait_and_throw(clock_);
    co_return Result<void>();
  }

 private:
  Clock& clock_;
};

class HangingEc2 : public ec2::Api {
 public:
  explicit HangingEc2(Clock& clock) : clock_(clock) {}

  Awaitable<ec2::Attempt<ec2::AnyReply>> call(ec2::AnyRequest) override {
    co_await wait_and_throw(clock_);
    co_return ec2::AnyReply();
  }

 private:
  Clock& clock_;
};

// A provider whose reconciler hangs in EC2.
struct ProviderAlone {
  ProviderAlone() {
    process.start();
    kernel.run(kTimeZero + 10min, 1'000'000);
  }

  Kernel kernel{WallTime(std::chrono::hours(24 * 365))};
  Random random{1};
  ForgottenFacts facts;
  HangingEc2 ec2{kernel.clock(Phase::kWorld)};
  provider::MemoryStore store{kernel.clock(Phase::kWorld), random, {}};
  provider::Observer observer;
  provider::Ec2Observer ec2_observer;
  server::CallObserver calls;
  SimulatedServer server{kernel, calls};
  ProviderProcess process{{.provider = provider::small_config(), .machines = {}},
                          {.kernel = kernel,
                           .random = random,
                           .ec2 = ec2,
                           .store = store,
                           .observer = observer,
                           .ec2_observer = ec2_observer,
                           .service = server.service(),
                           .facts = facts}};
};

// An autoscaler whose first loop hangs in Refresh.
struct AutoscalerAlone {
  AutoscalerAlone() {
    process.start();
    kernel.run(kTimeZero + 1min, 1'000'000);
  }

  Kernel kernel{WallTime(std::chrono::hours(24 * 365))};
  Random random{1};
  ForgottenFacts facts;
  Cluster cluster;
  ApiServer api{kernel, cluster, facts, random, {}};
  HangingRpc rpc{kernel.clock(Phase::kAutoscaler)};
  ClusterView view;
  UnschedulableSignal signal{kernel.executor()};
  NoComputeTime compute_time;
  OrderPolicy order = OrderPolicy::seeded(random);
  LoopObserver observer;
  AutoscalerProcess process{{},
                            {.kernel = kernel,
                             .api = api,
                             .rpc = rpc,
                             .view = view,
                             .signal = signal,
                             .compute_time = compute_time,
                             .order = order,
                             .random = random,
                             .observer = observer,
                             .facts = facts}};
};

}  // namespace

TEMPLATE_TEST_CASE("a process that is stopped tells what its tasks throw, once", "[world]",
                   ProviderAlone, AutoscalerAlone) {
  TestType world;
  CHECK_THROWS_WITH(world.process.stop(), "last words");
  CHECK_NOTHROW(world.process.stop());
}

TEMPLATE_TEST_CASE(
    "while an exception unwinds the stack, the end of a process does not end the program",
    "[world]", ProviderAlone, AutoscalerAlone) {
  const LeakOnPurpose leak;  // who cannot unwind is left where it is
  const auto fail = [] {
    const TestType world;
    throw std::logic_error("first cause");
  };
  CHECK_THROWS_WITH(fail(), "first cause");
}

}  // namespace casim::sim
