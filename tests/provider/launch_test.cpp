#include "src/provider/failure.h"
#include "tests/catch.h"
#include "tests/provider/provider_world.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

TEST_CASE("every code of the catalogue has its class", "[provider]") {
  struct Row {
    const char* code;
    int error_class;
  };

  const auto row = GENERATE(values<Row>({
      {"InsufficientInstanceCapacity", 1},
      {"InsufficientCapacity", 1},
      {"InsufficientHostCapacity", 1},
      {"InsufficientReservedInstanceCapacity", 1},
      {"InsufficientVolumeCapacity", 1},
      {"InsufficientAddressCapacity", 1},
      {"InsufficientFreeAddressesInSubnet", 1},
      {"UnfulfillableCapacity", 1},
      {"MaxSpotInstanceCountExceeded", 1},
      {"SpotMaxPriceTooLow", 1},
      {"InstanceLimitExceeded", 1},
      {"VcpuLimitExceeded", 1},
      {"MaxIOPSLimitExceeded", 1},
      {"VolumeLimitExceeded", 1},
      {"NetworkInterfaceLimitExceeded", 1},
      {"PrivateIpAddressLimitExceeded", 1},
      {"MaxFleetCountExceeded", 1},
      {"ReservationCapacityExceeded", 1},
      {"Unsupported", 1},
      {"RequestLimitExceeded", 99},
      {"EC2ThrottledException", 99},
      {"Throttling", 99},
      {"Unavailable", 99},
      {"ServiceUnavailable", 99},
      {"InternalError", 99},
      {"InternalFailure", 99},
      {"UnauthorizedOperation", 99},
      {"AuthFailure", 99},
      {"RequestExpired", 99},
      {"ExpiredToken", 99},
      {"InvalidClientTokenId", 99},
      {"InvalidParameterValue", 99},
      {"InvalidParameterCombination", 99},
      {"MissingParameter", 99},
      {"UnknownParameter", 99},
      {"ValidationError", 99},
      {"InvalidAMIID.NotFound", 99},
      {"InvalidSubnetID.NotFound", 99},
      {"InvalidGroup.NotFound", 99},
      {"InvalidKeyPair.NotFound", 99},
      {"InvalidLaunchTemplateName.NotFoundException", 99},
      {"InvalidUserData.Malformed", 99},
      {"IdempotentParameterMismatch", 99},
      {"IdempotentInstanceTerminated", 99},
      {"OperationNotPermitted", 99},
      // State reasons after a 200 reply.
      {"Server.InsufficientInstanceCapacity", 1},
      {"Client.VolumeLimitExceeded", 1},
      {"Server.SpotInstanceTermination", 1},
      {"Server.SpotInstanceShutdown", 1},
      {"Server.InternalError", 99},
      {"Client.InternalError", 99},
      {"Client.InvalidSnapshot.NotFound", 99},
      {"", 99},
      {"NewCodeOfNextYear", 99},
  }));
  CAPTURE(row.code);
  CHECK(error_class_of(row.code) == row.error_class);
  const SlotFailure failure = make_failure(row.code, "why");
  CHECK(failure.error_class == row.error_class);
  CHECK(!failure.code.empty());
  CHECK(failure.message == "why");
}

TEST_CASE("a refused launch is listed as Creating with the error, in the target", "[provider]") {
  ProviderWorld world;
  world.machines.refusals[SlotId(1)] = make_failure("InsufficientInstanceCapacity", "none left");
  REQUIRE(world.increase("a", 3));
  const auto before = world.ids("a");
  world.advance(3s);
  const auto nodes = world.nodes("a");
  REQUIRE(nodes.size() == 3);
  CHECK(!nodes[0].failure);
  REQUIRE(nodes[1].failure);
  CHECK(nodes[1].id == before[1]);  // the placeholder's id does not change
  CHECK(nodes[1].state == InstanceState::kCreating);
  CHECK(nodes[1].failure->code == "InsufficientInstanceCapacity");
  CHECK(nodes[1].failure->error_class == SlotFailure::kOutOfResources);
  CHECK(world.target("a") == 3);
  world.advance(1h);
  CHECK(world.nodes("a")[1].failure);  // until it is deleted
}

TEST_CASE("an answer is recorded as soon as it comes, whatever its neighbours wait for",
          "[provider]") {
  ProviderWorld world;
  world.machines.launch_latency = 20s;
  REQUIRE(world.increase("a", 2));
  world.advance(20s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  CHECK(world.slot(1).state == SlotState::kRequested);
  CHECK(world.slot(0).accepted == kTimeZero + 20s);
}

TEST_CASE("answers that come during a commit share the next one", "[provider]") {
  ProviderWorld world(small_config(), {Distribution::constant(5s), Distribution()});
  REQUIRE(world.increase("a", 4));  // commit 1; launched at 5 s, answers at 6, 7, 8, 9 s
  CHECK(world.store.commits() == 1);
  world.advance(6s);  // at 11 s the first answer is durable, the other three begin to commit
  CHECK(world.slot(0).state == SlotState::kCreating);
  CHECK(world.slot(1).state == SlotState::kRequested);
  CHECK(world.store.commits() == 3);
  world.advance(5s);
  CHECK(world.slot(3).state == SlotState::kCreating);
  CHECK(world.store.commits() == 3);
}

TEST_CASE("an answer that cannot be stored is kept until it can", "[provider]") {
  ProviderWorld world;
  world.machines.refusals[SlotId(1)] = make_failure("Unsupported", "no");
  REQUIRE(world.increase("a", 2));
  world.store.fail_with(Error{ErrorCode::kUnavailable, "disk"});
  world.advance(10s);
  CHECK(world.slot(0).state == SlotState::kRequested);
  CHECK(world.slot(1).state == SlotState::kRequested);
  world.store.fail_with(std::nullopt);
  world.advance(1s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  CHECK(world.slot(1).state == SlotState::kFailed);
  CHECK(world.machines.launches.size() == 1);
}

TEST_CASE("a machine whose id comes later is found by its token", "[provider]") {
  ProviderWorld world;
  world.machines.late_ids = true;
  REQUIRE(world.increase("a", 1));
  world.advance(10s);
  CHECK(world.slot(0).state == SlotState::kRequested);
  CHECK(world.nodes("a")[0].id == "aws:///us-east-1a/i-placeholder-a-0");
  world.advance(20s);
  CHECK(world.slot(0).state == SlotState::kCreating);
  CHECK(world.nodes("a")[0].id == "aws:///us-east-1a/i-1");
}
