// Which faults of a scenario a live session has.
#include "sim/live/live_faults.h"

#include "tests/catch.h"

namespace casim::sim {
namespace {

TEST_CASE("faults of what is real in a live session are left out, each kind named once", "[live]") {
  std::vector<Fault> faults(5);
  faults[0].body = ApiOutageFault{};
  faults[1].body = Ec2OutageFault{};
  faults[2].body = RpcFault{};
  faults[3].body = ApiOutageFault{};
  faults[4].body = ProviderCrashFault{};
  const FaultChoice live = live_faults(faults);
  REQUIRE(live.kept.size() == 2);
  CHECK(std::holds_alternative<Ec2OutageFault>(live.kept[0].body));
  CHECK(std::holds_alternative<ProviderCrashFault>(live.kept[1].body));
  CHECK(live.left_out == std::vector<std::string_view>{"api_outage", "rpc"});
}

}  // namespace
}  // namespace casim::sim
