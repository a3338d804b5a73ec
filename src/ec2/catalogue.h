// Instance types: capacity, price, pod limit, and what a kubelet leaves allocatable of them.
// Source: src/ec2/instance_types.csv, which names its own; ec2.md section 6 (EKS AMI reservation
// rule).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/core/money.h"
#include "src/core/quantity.h"

namespace casim::ec2 {

// One size of machine, as DescribeInstanceTypes and the price list tell it.
struct InstanceType {
  std::string name;
  std::string architecture;  // Kubernetes' spelling: "amd64", "arm64"; Macs as EC2 calls them
  int vcpus = 0;
  Bytes memory;
  int gpus = 0;                // that the guest sees
  std::string gpu_model;       // "T4"; empty without GPU
  Bytes gpu_memory;            // of all of them together
  double gpu_share = 1;        // of a physical GPU that one of them is
  int neuron_devices = 0;      // Inferentia, Trainium
  int max_pods = 0;            // ENI rule, before any cap of the kubelet
  Bytes local_storage;         // instance store
  bool has_spot = true;        // Spot requests are taken
  std::optional<Price> price;  // us-east-1, Linux, on demand; none: not known
  // Where it is offered, as far as that is known: the zones of one Region. None: everywhere.
  std::optional<std::vector<std::string>> zones;
};

// "1 A10G", "0.125 L4", "2 Neuron"; empty: none.
std::string accelerators_of(const InstanceType& type);

// False: a launch there is refused as Unsupported. A zone of another Region than those that are
// known counts as offered.
bool is_offered(const InstanceType& type, std::string_view zone);

// The architecture as EC2 writes it: "x86_64" where Kubernetes says "amd64".
std::string_view wire_architecture(const InstanceType& type);

// What a node keeps from pods, beside what the EKS AMI computes from its type.
struct KubeletReservation {
  int max_pods_cap = 110;    // many clusters cap whatever the ENIs allow; 0: no cap
  Bytes vm_memory_overhead;  // memory that the VM does not see; 0: ignored, as CA does
  // assumed: the volume that EKS gives a node by default, 20 GiB. At least the 1 GiB reserved of
  // it.
  Bytes node_volume{std::int64_t{20} << 30};
};

// By name.
using Catalogue = std::map<std::string, InstanceType>;

// All types of EC2, the older ones too. Read once, then shared.
std::shared_ptr<const Catalogue> default_catalogue();

// What the Node object says of the machine: `status.capacity`.
Resources capacity_of(const InstanceType& type, const KubeletReservation& reservation);
// Capacity less kube-reserved and the eviction threshold.
Resources allocatable_of(const InstanceType& type, const KubeletReservation& reservation);

}  // namespace casim::ec2
