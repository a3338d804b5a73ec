// Instance types: capacity, price, pod limit, and what a kubelet leaves allocatable of them.
// Source: ec2.md section 6 (AWS tables of 2026-07-20; EKS AMI reservation rule).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "src/core/money.h"
#include "src/core/quantity.h"

namespace casim::ec2 {

// One size of machine, as DescribeInstanceTypes and the price list tell it.
struct InstanceType {
  std::string name;
  std::string architecture;  // Kubernetes' spelling: "amd64", "arm64"
  int vcpus = 0;
  Bytes memory;
  int gpus = 0;
  std::string gpu_model;  // "T4"; empty without GPU
  Price price;            // us-east-1, Linux, on demand
  int max_pods = 0;       // ENI rule, before any cap of the kubelet
};

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

Catalogue default_catalogue();  // the types of ec2.md section 6

// What the Node object says of the machine: `status.capacity`.
Resources capacity_of(const InstanceType& type, const KubeletReservation& reservation);
// Capacity less kube-reserved and the eviction threshold.
Resources allocatable_of(const InstanceType& type, const KubeletReservation& reservation);

}  // namespace casim::ec2
