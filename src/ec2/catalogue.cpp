#include "src/ec2/catalogue.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cstdint>
#include <system_error>

#include <fmt/format.h>

#include "instance_type_rows.h"
#include "src/ec2/region.h"

namespace casim::ec2 {
namespace {

constexpr std::int64_t kMi = std::int64_t{1} << 20;
constexpr std::int64_t kGi = std::int64_t{1} << 30;
constexpr std::int64_t kGigabyte = 1'000'000'000;

// The zones of the table are letters of this Region.
constexpr std::string_view kRegion = "us-east-1";

// The fields of a row, one after the other.
class RowReader {
 public:
  explicit RowReader(std::string_view row) : rest_(row) {}

  std::string_view text() {
    const std::string_view field = rest_.substr(0, rest_.find(','));
    rest_.remove_prefix(std::min(rest_.size(), field.size() + 1));
    return field;
  }

  // None: the field is empty.
  template <class Number>
  std::optional<Number> number() {
    const std::string_view field = text();
    if (field.empty()) return std::nullopt;
    Number value{};
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    assert(error == std::errc() && end == field.data() + field.size());
    return value;
  }

 private:
  std::string_view rest_;
};

InstanceType type_from(std::string_view row) {
  RowReader fields(row);
  InstanceType type;
  type.name = fields.text();
  type.architecture = fields.text();
  type.vcpus = fields.number<int>().value();
  type.memory = Bytes(fields.number<std::int64_t>().value() * kMi);
  type.gpus = fields.number<int>().value();
  type.gpu_model = fields.text();
  type.gpu_memory = Bytes(fields.number<std::int64_t>().value() * kMi);
  type.gpu_share = fields.number<double>().value_or(1);
  type.neuron_devices = fields.number<int>().value();
  type.max_pods = fields.number<int>().value();
  type.local_storage = Bytes(fields.number<std::int64_t>().value() * kGigabyte);
  type.has_spot = fields.number<int>().value() == 1;
  type.zones.emplace();
  for (const char letter : fields.text()) type.zones->push_back(std::string(kRegion) + letter);
  if (const auto price = fields.number<std::int64_t>()) type.price = Price{*price};
  return type;
}

Catalogue read_rows() {
  Catalogue catalogue;
  for (const std::string_view row : kInstanceTypeRows) {
    InstanceType type = type_from(row);
    catalogue.emplace_hint(catalogue.end(), type.name, type);
  }
  return catalogue;
}

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

std::string accelerators_of(const InstanceType& type) {
  if (type.neuron_devices > 0) return fmt::format("{} Neuron", type.neuron_devices);
  if (type.gpus == 0) return {};
  if (type.gpu_share < 1) return fmt::format("{} {}", type.gpu_share, type.gpu_model);
  return fmt::format("{} {}", type.gpus, type.gpu_model);
}

bool is_offered(const InstanceType& type, std::string_view zone) {
  if (!type.zones || std::ranges::find(*type.zones, zone) != type.zones->end()) return true;
  const std::string region =
      type.zones->empty() ? std::string(kRegion) : region_of(type.zones->front());
  return region_of(std::string(zone)) != region;
}

std::string_view wire_architecture(const InstanceType& type) {
  return type.architecture == "amd64" ? "x86_64" : std::string_view(type.architecture);
}

std::shared_ptr<const Catalogue> default_catalogue() {
  static const auto catalogue = std::make_shared<const Catalogue>(read_rows());
  return catalogue;
}

Resources capacity_of(const InstanceType& type, const KubeletReservation& reservation) {
  Resources capacity;
  capacity.cpu = MilliCpu(std::int64_t{type.vcpus} * 1000);
  capacity.memory = type.memory - reservation.vm_memory_overhead;
  capacity.ephemeral_storage = reservation.node_volume;
  capacity.pods = pods_of(type, reservation);
  if (type.gpus > 0) capacity.extended["nvidia.com/gpu"] = type.gpus;
  if (type.neuron_devices > 0) capacity.extended["aws.amazon.com/neuron"] = type.neuron_devices;
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
