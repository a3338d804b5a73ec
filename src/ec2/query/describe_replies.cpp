#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/ec2/catalogue.h"
#include "src/ec2/query/choices.h"
#include "src/ec2/query/describe.h"
#include "src/ec2/region.h"

namespace casim::ec2::query {

// How some members are grouped on the wire.
struct Reservation {
  std::string id = {};
  std::vector<Instance> instances = {};
};

struct Gpu {
  std::string name = {};
  int count = 0;
  std::optional<int> logical_count = {};
  std::optional<double> partition = {};
};

struct NeuronDevice {
  int count = 0;
};

namespace {

constexpr std::int64_t kMostPods = 1'000'000;
constexpr std::string_view kOwner = "123456789012";  // the account, of whom nothing depends

void describe_state(Fields& f, std::string_view name, InstanceState& state) {
  f.group(name, [&state](Fields& at) {
    StateCode code{state};
    at.required("code", code);
    state = code.value;
    at.constant("name", name_of(state));
  });
}

// As EC2 names machines after their addresses: "ip-10-0-0-9.ec2.internal".
std::string private_dns_name(const Instance& instance) {
  std::string host = "ip-" + instance.private_ip_address;
  std::ranges::replace(host, '.', '-');
  const std::string region = region_of(instance.zone);
  return region == "us-east-1" ? host + ".ec2.internal"
                               : fmt::format("{}.{}.compute.internal", host, region);
}

// What nothing here depends on, and people and programs look at.
void describe_constants(Fields& f, const Instance& instance) {
  if (!instance.private_ip_address.empty()) {
    f.constant("privateDnsName", private_dns_name(instance));
  }
  const auto catalogue = default_catalogue();
  const auto type = catalogue->find(instance.type);
  if (type != catalogue->end()) f.constant("architecture", wire_architecture(type->second));
  f.constant("rootDeviceType", "ebs");
  f.constant("virtualizationType", "hvm");
  f.constant("hypervisor", "xen");
  for (const char* list :
       {"productCodes", "groupSet", "blockDeviceMapping", "networkInterfaceSet"}) {
    f.no_items(list);
  }
}

}  // namespace

void describe(Fields& f, Instance& instance) {
  f.required("instanceId", instance.id);
  f.field("imageId", instance.image_id);
  describe_state(f, "instanceState", instance.state);
  f.field("amiLaunchIndex", instance.ami_launch_index);
  f.field("instanceType", instance.type);
  f.field("launchTime", instance.launch_time);
  f.group("placement", [&instance](Fields& at) {
    at.field("availabilityZone", instance.zone);
    at.constant("tenancy", "default");
  });
  f.field("subnetId", instance.subnet_id);
  f.field("vpcId", instance.vpc_id);
  f.field("privateIpAddress", instance.private_ip_address);
  f.group("stateReason", [&instance](Fields& at) {
    at.field("code", instance.state_reason_code);
    at.field("message", instance.state_reason_message);
  });
  SpotOnly lifecycle{instance.lifecycle};
  f.field("instanceLifecycle", lifecycle);
  instance.lifecycle = lifecycle.value;
  f.field("clientToken", instance.client_token);
  f.list("tagSet", instance.tags);
  describe_constants(f, instance);
}

void describe(Fields& f, Reservation& reservation) {
  f.field("reservationId", reservation.id);
  f.constant("ownerId", kOwner);
  f.no_items("groupSet");
  f.list("instancesSet", reservation.instances);
  for (Instance& instance : reservation.instances) instance.reservation_id = reservation.id;
}

void describe(Fields& f, StateChange& change) {
  f.required("instanceId", change.id);
  describe_state(f, "currentState", change.current);
  describe_state(f, "previousState", change.previous);
}

void describe(Fields& f, TagDescription& tag) {
  f.required("resourceId", tag.resource_id);
  f.field("resourceType", tag.resource_type);
  f.required("key", tag.key);
  f.always("value", tag.value);
}

namespace {

void describe_summary(Fields& f, std::string_view name, StatusSummary& status) {
  f.group(name, [&status](Fields& at) {
    at.required("status", status);
    const std::string_view reachability = reachability_of(status);
    if (reachability.empty()) return at.no_items("details");
    at.group("details", [reachability](Fields& details) {
      details.group("item", [reachability](Fields& item) {
        item.constant("name", "reachability");
        item.constant("status", reachability);
      });
    });
  });
}

}  // namespace

void describe(Fields& f, InstanceStatus& status) {
  f.required("instanceId", status.instance_id);
  f.field("availabilityZone", status.zone);
  describe_state(f, "instanceState", status.state);
  describe_summary(f, "systemStatus", status.system_status);
  describe_summary(f, "instanceStatus", status.instance_status);
  f.no_items("eventsSet");
}

// A part of a GPU counts as no whole one, and says the part.
void describe(Fields& f, Gpu& gpu) {
  f.field("name", gpu.name);
  f.field("count", gpu.count);
  f.field("logicalGpuCount", gpu.logical_count);
  f.field("gpuPartitionSize", gpu.partition);
}

void describe(Fields& f, NeuronDevice& device) { f.field("count", device.count); }

namespace {

void describe_gpus(Fields& f, InstanceType& type) {
  std::vector<Gpu> gpus;
  const bool is_part = type.gpu_share != 1;
  if (type.gpus > 0 && is_part) {
    gpus.push_back(
        {.name = type.gpu_model, .logical_count = type.gpus, .partition = type.gpu_share});
  } else if (type.gpus > 0) {
    gpus.push_back({.name = type.gpu_model, .count = type.gpus});
  }
  MebiBytes memory{gpus.empty() ? Bytes() : type.gpu_memory};
  f.group("gpuInfo", [&](Fields& at) {
    at.optional_list("gpus", gpus);
    at.field("totalGpuMemoryInMiB", memory);
  });
  if (gpus.empty()) return;
  const Gpu& gpu = gpus.front();
  type.gpus = std::max(0, gpu.count > 0 ? gpu.count : gpu.logical_count.value_or(0));
  type.gpu_share = gpu.count > 0 ? 1 : gpu.partition.value_or(1);
  type.gpu_model = gpu.name;
  type.gpu_memory = memory.value;
}

// Only what the number of pods hangs on: as many addresses as there would be with one interface.
void describe_network(Fields& f, InstanceType& type) {
  f.group("networkInfo", [&type](Fields& at) {
    int interfaces = 1;
    int addresses = type.max_pods - 1;
    at.field("maximumNetworkInterfaces", interfaces);
    at.field("ipv4AddressesPerInterface", addresses);
    const std::int64_t pods = std::int64_t{interfaces} * (std::int64_t{addresses} - 1) + 2;
    type.max_pods = static_cast<int>(std::clamp<std::int64_t>(pods, 0, kMostPods));
  });
}

void describe_hardware(Fields& f, InstanceType& type) {
  f.group("vCpuInfo", [&type](Fields& at) { at.required("defaultVCpus", type.vcpus); });
  f.group("memoryInfo", [&type](Fields& at) {
    MebiBytes memory{type.memory};
    at.required("sizeInMiB", memory);
    type.memory = memory.value;
  });
  f.group("processorInfo", [&type](Fields& at) {
    std::vector<Architecture> names;
    if (!type.architecture.empty()) names.push_back({type.architecture});
    at.list("supportedArchitectures", names);
    if (!names.empty()) type.architecture = names.back().value;
  });
  f.group("instanceStorageInfo", [&type](Fields& at) {
    GigaBytes storage{type.local_storage};
    at.field("totalSizeInGB", storage);
    type.local_storage = storage.value;
  });
  f.group("neuronInfo", [&type](Fields& at) {
    std::vector<NeuronDevice> devices;
    if (type.neuron_devices > 0) devices.push_back({type.neuron_devices});
    at.optional_list("neuronDevices", devices);
    if (!devices.empty()) type.neuron_devices = devices.front().count;
  });
}

}  // namespace

void describe(Fields& f, InstanceType& type) {
  f.required("instanceType", type.name);
  describe_hardware(f, type);
  describe_gpus(f, type);
  describe_network(f, type);
  std::vector<std::string> classes = {"on-demand"};
  if (type.has_spot) classes.emplace_back("spot");
  f.list("supportedUsageClasses", classes);
  type.has_spot = std::ranges::find(classes, "spot") != classes.end();
}

void describe(Fields& f, FleetInstances& given) {
  f.group("launchTemplateAndOverrides", [&given](Fields& at) {
    at.group("overrides", [&given](Fields& pool) { describe(pool, given.overrides); });
  });
  f.field("lifecycle", given.lifecycle);
  f.list("instanceIds", given.instance_ids);
  f.field("instanceType", given.instance_type);
}

void describe(Fields& f, FleetError& error) {
  f.group("launchTemplateAndOverrides", [&error](Fields& at) {
    at.group("overrides", [&error](Fields& pool) { describe(pool, error.overrides); });
  });
  f.field("lifecycle", error.lifecycle);
  f.required("errorCode", error.code);
  f.field("errorMessage", error.message);
}

void describe(Fields& f, RunInstancesReply& reply) {
  Reservation reservation;
  if (!reply.instances.empty()) reservation.id = reply.instances.front().reservation_id;
  reservation.instances = std::move(reply.instances);
  describe(f, reservation);
  reply.instances = std::move(reservation.instances);
}

void describe(Fields& f, DescribeInstancesReply& reply) {
  std::vector<Reservation> reservations;
  for (const Instance& instance : reply.instances) {
    if (reservations.empty() || reservations.back().id != instance.reservation_id) {
      reservations.push_back({.id = instance.reservation_id});
    }
    reservations.back().instances.push_back(instance);
  }
  f.list("reservationSet", reservations);
  reply.instances = {};
  for (Reservation& one : reservations) {
    for (Instance& instance : one.instances) reply.instances.push_back(std::move(instance));
  }
  f.field("nextToken", reply.next_token);
}

void describe(Fields& f, TerminateInstancesReply& reply) { f.list("instancesSet", reply.changes); }

void describe(Fields& f, StopInstancesReply& reply) { f.list("instancesSet", reply.changes); }

void describe(Fields& f, StartInstancesReply& reply) { f.list("instancesSet", reply.changes); }

void describe(Fields& f, CreateTagsReply& /*reply*/) { f.constant("return", "true"); }

void describe(Fields& f, DescribeTagsReply& reply) {
  f.list("tagSet", reply.tags);
  f.field("nextToken", reply.next_token);
}

void describe(Fields& f, DescribeInstanceStatusReply& reply) {
  f.list("instanceStatusSet", reply.statuses);
  f.field("nextToken", reply.next_token);
}

void describe(Fields& f, DescribeInstanceTypesReply& reply) {
  f.list("instanceTypeSet", reply.types);
  f.field("nextToken", reply.next_token);
}

void describe(Fields& f, CreateFleetReply& reply) {
  f.required("fleetId", reply.fleet_id);
  f.list("errorSet", reply.errors);
  f.list("fleetInstanceSet", reply.instances);
}

}  // namespace casim::ec2::query
