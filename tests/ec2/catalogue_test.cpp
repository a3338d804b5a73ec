#include "src/ec2/catalogue.h"

#include <set>
#include <string>

#include "src/ec2/types.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::ec2;

namespace {

constexpr std::int64_t kMi = std::int64_t{1} << 20;
constexpr std::int64_t kGi = std::int64_t{1} << 30;

}  // namespace

TEST_CASE("states are named as on the wire", "[ec2]") {
  struct Row {
    InstanceState state;
    int code;
    const char* name;
  };

  const auto row = GENERATE(values<Row>({{InstanceState::kPending, 0, "pending"},
                                         {InstanceState::kRunning, 16, "running"},
                                         {InstanceState::kShuttingDown, 32, "shutting-down"},
                                         {InstanceState::kTerminated, 48, "terminated"},
                                         {InstanceState::kStopping, 64, "stopping"},
                                         {InstanceState::kStopped, 80, "stopped"}}));
  CAPTURE(row.name);
  CHECK(static_cast<int>(row.state) == row.code);
  CHECK(name_of(row.state) == row.name);
}

TEST_CASE("the catalogue has every row of the table", "[ec2]") {
  const Catalogue& catalogue = *default_catalogue();
  CHECK(catalogue.size() == 1395);
  for (const auto& [name, type] : catalogue) {
    CAPTURE(name);
    CHECK(type.name == name);
    CHECK(std::set<std::string>{"amd64", "arm64", "arm64_mac", "x86_64_mac"}.contains(
        type.architecture));
    CHECK(type.vcpus > 0);
    CHECK(type.memory > Bytes());
    CHECK(type.max_pods > 1);
    CHECK((!type.price || type.price->micro_usd_per_hour > 0));
    CHECK((type.gpu_share > 0 && type.gpu_share <= 1));
    REQUIRE(type.zones);
    CHECK(type.zones->size() <= 6);
    CHECK(type.gpu_model.empty() == (type.gpus == 0));
  }
}

TEST_CASE("rows carry capacity and price of AWS's tables", "[ec2]") {
  struct Row {
    const char* name;
    const char* architecture;
    int vcpus;
    std::int64_t memory_gi;
    int gpus;
    const char* gpu_model;
    std::int64_t micro_usd;
    int max_pods;
  };

  const auto row = GENERATE(values<Row>({
      {"t3.medium", "amd64", 2, 4, 0, "", 41600, 17},
      {"m7g.large", "arm64", 2, 8, 0, "", 81600, 29},
      {"m6i.4xlarge", "amd64", 16, 64, 0, "", 768000, 234},
      {"g4dn.12xlarge", "amd64", 48, 192, 4, "T4", 3912000, 234},
      {"g6.xlarge", "amd64", 4, 16, 1, "L4", 804800, 58},
      {"p4d.24xlarge", "amd64", 96, 1152, 8, "A100", 21957642, 737},
      {"p5.48xlarge", "amd64", 192, 2048, 8, "H100", 55040000, 100},
      {"r6i.32xlarge", "amd64", 128, 1024, 0, "", 8064000, 737},
      {"g5.48xlarge", "amd64", 192, 768, 8, "A10G", 16288000, 345},
  }));
  CAPTURE(row.name);
  const InstanceType type = default_catalogue()->at(row.name);
  CHECK(type.architecture == row.architecture);
  CHECK(type.vcpus == row.vcpus);
  CHECK(type.memory == Bytes(row.memory_gi * kGi));
  CHECK(type.gpus == row.gpus);
  CHECK(type.gpu_model == row.gpu_model);
  CHECK(type.price->micro_usd_per_hour == row.micro_usd);
  CHECK(type.max_pods == row.max_pods);
}

TEST_CASE("types have shares of GPUs, devices and storage", "[ec2]") {
  const Catalogue& catalogue = *default_catalogue();
  const InstanceType& share = catalogue.at("g6f.large");
  CHECK(share.gpus == 1);  // EC2 says Count 0 of it
  CHECK(share.gpu_share == 0.125);
  CHECK(share.gpu_memory == Bytes(2861 * kMi));
  CHECK(catalogue.at("p4d.24xlarge").gpu_memory == Bytes(320 * kGi));
  CHECK(catalogue.at("p4de.24xlarge").gpu_memory == Bytes(640 * kGi));
  const InstanceType& neuron = catalogue.at("inf2.24xlarge");
  CHECK(neuron.neuron_devices == 6);
  CHECK(capacity_of(neuron, {}).extended.at("aws.amazon.com/neuron") == 6);
  CHECK(accelerators_of(share) == "0.125 L4");
  CHECK(accelerators_of(neuron) == "6 Neuron");
  CHECK(accelerators_of(catalogue.at("p4d.24xlarge")) == "8 A100");
  CHECK(accelerators_of(catalogue.at("m7i.large")).empty());
  CHECK(catalogue.at("i4i.xlarge").local_storage == Bytes(937'000'000'000));
  CHECK_FALSE(catalogue.at("p5e.48xlarge").price);
}

TEST_CASE("a type is offered where EC2 has it, and in Regions that the table does not know",
          "[ec2]") {
  InstanceType type = default_catalogue()->at("p5en.48xlarge");
  CHECK(is_offered(type, "us-east-1a"));
  CHECK_FALSE(is_offered(type, "us-east-1b"));
  CHECK(is_offered(type, "eu-central-1b"));
  CHECK_FALSE(is_offered(default_catalogue()->at("p5e.48xlarge"), "us-east-1a"));  // nowhere there
  type.zones = {"eu-west-1c"};
  CHECK(is_offered(type, "eu-west-1c"));
  CHECK_FALSE(is_offered(type, "eu-west-1a"));
  type.zones.reset();
  CHECK(is_offered(type, "us-east-1b"));
}

TEST_CASE("allocatable follows the reservation rule of the EKS image", "[ec2]") {
  // CPU reserved: 60 m of the first core, 10 m of the second, 5 m each of the next two, 2.5 m each
  // of the rest. Memory reserved: 255 Mi + 11 Mi x ENI pods, and 100 Mi for hard eviction.
  struct Row {
    const char* name;
    std::int64_t cpu_m;
    std::int64_t memory_mi;
    std::int64_t pods;
  };

  const auto row = GENERATE(values<Row>({
      {"t3.medium", 2000 - 70, 4 * 1024 - 355 - 11 * 17, 17},           // 3554 Mi
      {"m6i.large", 2000 - 70, 8 * 1024 - 355 - 11 * 29, 29},           // 7518 Mi
      {"m6i.xlarge", 4000 - 80, 16 * 1024 - 355 - 11 * 58, 58},         // 15391 Mi
      {"m6i.2xlarge", 8000 - 90, 32 * 1024 - 355 - 11 * 58, 58},        // 31775 Mi
      {"m6i.4xlarge", 16000 - 110, 64 * 1024 - 355 - 11 * 234, 110},    // capped pods, not memory
      {"m6i.12xlarge", 48000 - 190, 192 * 1024 - 355 - 11 * 234, 110},  //
      {"p4d.24xlarge", 96000 - 310, 1152 * 1024 - 355 - 11 * 737, 110},
      {"p5.48xlarge", 192000 - 550, 2048 * 1024 - 355 - 11 * 100, 100},
  }));
  CAPTURE(row.name);
  const Resources free = allocatable_of(default_catalogue()->at(row.name), KubeletReservation{});
  CHECK(free.cpu.value() == row.cpu_m);
  CHECK(free.memory.value() == row.memory_mi * kMi);
  CHECK(free.pods == row.pods);
  CHECK(free.ephemeral_storage.value() == 19 * kGi);
}

TEST_CASE("known allocatable values, written out", "[ec2]") {
  const Catalogue& catalogue = *default_catalogue();
  const KubeletReservation none;
  CHECK(allocatable_of(catalogue.at("m6i.large"), none).memory == Bytes(7518 * kMi));
  CHECK(allocatable_of(catalogue.at("m6i.large"), none).cpu == MilliCpu(1930));
  CHECK(allocatable_of(catalogue.at("m6i.xlarge"), none).memory == Bytes(15391 * kMi));
  CHECK(allocatable_of(catalogue.at("m6i.xlarge"), none).cpu == MilliCpu(3920));
}

TEST_CASE("capacity honours the pod cap, the VM's overhead and GPUs", "[ec2]") {
  const InstanceType type = default_catalogue()->at("g5.12xlarge");
  KubeletReservation reservation;
  CHECK(capacity_of(type, reservation).pods == 110);
  reservation.max_pods_cap = 0;
  reservation.vm_memory_overhead = Bytes(500 * kMi);
  const Resources capacity = capacity_of(type, reservation);
  CHECK(capacity.pods == 737);
  CHECK(capacity.cpu == MilliCpu(48000));
  CHECK(capacity.memory == Bytes(192 * kGi - 500 * kMi));
  CHECK(capacity.extended.at("nvidia.com/gpu") == 4);
  CHECK(allocatable_of(type, reservation).extended.at("nvidia.com/gpu") == 4);
  CHECK(capacity_of(default_catalogue()->at("m5.large"), reservation).extended.empty());
}
