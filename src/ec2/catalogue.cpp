#include "src/ec2/catalogue.h"

#include <algorithm>
#include <cstdint>

namespace casim::ec2 {
namespace {

constexpr std::int64_t kMi = std::int64_t{1} << 20;
constexpr std::int64_t kGi = std::int64_t{1} << 30;

struct Row {
  const char* name;
  const char* architecture;
  int vcpus;
  std::int64_t memory_gi;
  int gpus;
  const char* gpu_model;
  std::int64_t micro_usd_per_hour;
  int max_pods;
};

// ec2.md section 6. p4d.24xlarge is printed rounded there; this is the table's own figure.
constexpr Row kRows[] = {
    {"t3.medium", "amd64", 2, 4, 0, "", 41'600, 17},
    {"m5.large", "amd64", 2, 8, 0, "", 96'000, 29},
    {"m5.xlarge", "amd64", 4, 16, 0, "", 192'000, 58},
    {"m6i.large", "amd64", 2, 8, 0, "", 96'000, 29},
    {"m6i.xlarge", "amd64", 4, 16, 0, "", 192'000, 58},
    {"m6i.2xlarge", "amd64", 8, 32, 0, "", 384'000, 58},
    {"m6i.4xlarge", "amd64", 16, 64, 0, "", 768'000, 234},
    {"m7i.large", "amd64", 2, 8, 0, "", 100'800, 29},
    {"m7i.xlarge", "amd64", 4, 16, 0, "", 201'600, 58},
    {"m7i.2xlarge", "amd64", 8, 32, 0, "", 403'200, 58},
    {"m7i.4xlarge", "amd64", 16, 64, 0, "", 806'400, 234},
    {"m7g.large", "arm64", 2, 8, 0, "", 81'600, 29},
    {"m7g.xlarge", "arm64", 4, 16, 0, "", 163'200, 58},
    {"c6i.xlarge", "amd64", 4, 8, 0, "", 170'000, 58},
    {"c7i.2xlarge", "amd64", 8, 16, 0, "", 357'000, 58},
    {"c7g.2xlarge", "arm64", 8, 16, 0, "", 290'000, 58},
    {"r6i.xlarge", "amd64", 4, 32, 0, "", 252'000, 58},
    {"r7g.xlarge", "arm64", 4, 32, 0, "", 214'200, 58},
    {"i4i.xlarge", "amd64", 4, 32, 0, "", 343'000, 58},
    {"g4dn.xlarge", "amd64", 4, 16, 1, "T4", 526'000, 29},
    {"g5.xlarge", "amd64", 4, 16, 1, "A10G", 1'006'000, 58},
    {"g5.12xlarge", "amd64", 48, 192, 4, "A10G", 5'672'000, 737},
    {"g6.xlarge", "amd64", 4, 16, 1, "L4", 804'800, 58},
    {"p4d.24xlarge", "amd64", 96, 1152, 8, "A100", 21'957'642, 737},
    {"p5.48xlarge", "amd64", 192, 2048, 8, "H100", 55'040'000, 100},
    {"m6i.8xlarge", "amd64", 32, 128, 0, "", 1'536'000, 234},
    {"m6i.12xlarge", "amd64", 48, 192, 0, "", 2'304'000, 234},
    {"m6i.16xlarge", "amd64", 64, 256, 0, "", 3'072'000, 737},
    {"m6i.24xlarge", "amd64", 96, 384, 0, "", 4'608'000, 737},
    {"m6i.32xlarge", "amd64", 128, 512, 0, "", 6'144'000, 737},
    {"r6i.8xlarge", "amd64", 32, 256, 0, "", 2'016'000, 234},
    {"r6i.12xlarge", "amd64", 48, 384, 0, "", 3'024'000, 234},
    {"r6i.16xlarge", "amd64", 64, 512, 0, "", 4'032'000, 737},
    {"r6i.24xlarge", "amd64", 96, 768, 0, "", 6'048'000, 737},
    {"r6i.32xlarge", "amd64", 128, 1024, 0, "", 8'064'000, 737},
    {"g4dn.4xlarge", "amd64", 16, 64, 1, "T4", 1'204'000, 29},
    {"g4dn.12xlarge", "amd64", 48, 192, 4, "T4", 3'912'000, 234},
    {"g5.4xlarge", "amd64", 16, 64, 1, "A10G", 1'624'000, 234},
    {"g5.48xlarge", "amd64", 192, 768, 8, "A10G", 16'288'000, 345},
};

int pods_of(const InstanceType& type, const KubeletReservation& reservation) {
  if (reservation.max_pods_cap == 0) return type.max_pods;
  return std::min(type.max_pods, reservation.max_pods_cap);
}

// 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest, each range
// cut to whole millicores (awslabs/amazon-eks-ami, nodeadm/internal/kubelet/config.go).
MilliCpu reserved_cpu(int vcpus) {
  struct Range {
    std::int64_t from;
    std::int64_t to;
    std::int64_t per_10000;
  };

  constexpr Range kRanges[] = {
      {0, 1000, 600}, {1000, 2000, 100}, {2000, 4000, 50}, {4000, INT64_MAX, 25}};
  const std::int64_t total = std::int64_t{vcpus} * 1000;
  std::int64_t reserved = 0;
  for (const Range& range : kRanges) {
    reserved +=
        std::max<std::int64_t>(0, std::min(total, range.to) - range.from) * range.per_10000 / 10000;
  }
  return MilliCpu(reserved);
}

// By the pods that the network interfaces allow: the rule does not look at a lower cap that the
// kubelet is given (same source).
Bytes reserved_memory(const InstanceType& type) {
  return Bytes((255 + std::int64_t{11} * type.max_pods) * kMi);
}

constexpr Bytes kHardEviction{100 * kMi};  // memory.available
constexpr Bytes kReservedEphemeralStorage{1 * kGi};

}  // namespace

Catalogue default_catalogue() {
  Catalogue catalogue;
  for (const Row& row : kRows) {
    catalogue[row.name] = InstanceType{.name = row.name,
                                       .architecture = row.architecture,
                                       .vcpus = row.vcpus,
                                       .memory = Bytes(row.memory_gi * kGi),
                                       .gpus = row.gpus,
                                       .gpu_model = row.gpu_model,
                                       .price = Price{row.micro_usd_per_hour},
                                       .max_pods = row.max_pods};
  }
  return catalogue;
}

Resources capacity_of(const InstanceType& type, const KubeletReservation& reservation) {
  Resources capacity;
  capacity.cpu = MilliCpu(std::int64_t{type.vcpus} * 1000);
  capacity.memory = type.memory - reservation.vm_memory_overhead;
  capacity.ephemeral_storage = reservation.node_volume;
  capacity.pods = pods_of(type, reservation);
  if (type.gpus > 0) capacity.extended["nvidia.com/gpu"] = type.gpus;
  return capacity;
}

Resources allocatable_of(const InstanceType& type, const KubeletReservation& reservation) {
  Resources allocatable = capacity_of(type, reservation);
  allocatable.cpu -= reserved_cpu(type.vcpus);
  allocatable.memory -= reserved_memory(type) + kHardEviction;
  allocatable.ephemeral_storage -= kReservedEphemeralStorage;
  return allocatable;
}

}  // namespace casim::ec2
