// Two clusters in one account, each with its provider.
#include <memory>

#include "src/provider/ec2_machines.h"
#include "tests/catch.h"
#include "tests/provider/fake_ec2.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

struct Account {
  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  Random random{5};
  FakeEc2 ec2{clock, kernel.executor()};
  Ec2Observer ec2_observer;
};

struct Side {
  Side(Account& in, std::string name)
      : account(in),
        config(config_of(std::move(name))),
        store(in.clock, Random(1), {}),
        machines(config.cluster,
                 {in.ec2, in.clock, in.random, in.ec2_observer, in.kernel.executor()}, {}),
        provider(config, {in.clock, store, machines, observer, in.random, in.kernel.executor()}) {
    CHECK(provider.start());
  }

  ~Side() {
    provider.cancel();
    account.kernel.settle();
  }

  static Config config_of(std::string cluster) {
    Config config = small_config();
    config.cluster = std::move(cluster);
    return config;
  }

  Pending<void> order(int count) {
    auto pending = std::make_shared<std::optional<Result<void>>>();
    spawn(account.kernel.executor(),
          keep_answer<void>(provider.increase_size("a", count, CallId(1)), pending));
    return pending;
  }

  Account& account;
  Config config;
  MemoryStore store;
  Ec2Machines machines;
  Recorder observer;
  Provider provider;
};

}  // namespace

TEST_CASE("providers of two clusters leave each other's machines alone", "[provider]") {
  Account account;
  Side blue(account, "blue");
  Side green(account, "green");
  // The same slots at the same instant: tokens must differ by the cluster.
  const auto ordered = blue.order(2);
  green.order(2);
  account.kernel.run(kTimeZero + 10min, 1'000'000);  // twenty passes of each reconciler
  CHECK((*ordered && **ordered));
  CHECK(account.ec2.live_by_tag(kClusterTag) ==
        std::map<std::string, int>{{"blue", 2}, {"green", 2}});
  CHECK(account.ec2.terminations.empty());
  CHECK(*blue.provider.target_size("a") == 2);
  CHECK(*green.provider.target_size("a") == 2);
}

TEST_CASE("a configuration has no cluster's name unless one is given", "[provider]") {
  Config config = small_config();
  config.cluster = Config().cluster;
  const auto problems = validate(config);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].starts_with("the cluster's name is empty"));
}
