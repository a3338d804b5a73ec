#include "sim/scenario/described_types.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

namespace casim::sim {
namespace {

using config::Value;

constexpr std::int64_t kMi = std::int64_t{1} << 20;
constexpr std::int64_t kGigabyte = 1'000'000'000;
constexpr std::int64_t kMost = 1'000'000'000;  // of any number that counts something

// One item of the list.
class TypeReader {
 public:
  TypeReader(const Value& item, std::string path, const config::Document& document,
             config::Problems& problems)
      : item_(item), path_(std::move(path)), document_(document), problems_(problems) {}

  // None: something is missing or out of range, which is told.
  std::optional<ec2::InstanceType> read() {
    ec2::InstanceType type;
    const Value* name = item_.find("InstanceType");
    if (name == nullptr || name->as_string() == nullptr || name->as_string()->empty()) {
      error("InstanceType", "the name of the type is missing");
      return std::nullopt;
    }
    type.name = *name->as_string();
    type.architecture = architecture();
    type.vcpus = static_cast<int>(count(item_, "VCpuInfo.DefaultVCpus", 1));
    type.memory = Bytes(count(item_, "MemoryInfo.SizeInMiB", 1) * kMi);
    type.max_pods = max_pods();
    read_gpus(type);
    type.neuron_devices = neuron_devices();
    type.local_storage =
        Bytes(optional_count(item_, "InstanceStorageInfo.TotalSizeInGB") * kGigabyte);
    const Value* classes = at(item_, "SupportedUsageClasses");
    type.has_spot = classes == nullptr || lists(classes, "spot");
    return is_whole_ ? std::optional(type) : std::nullopt;
  }

 private:
  void error(const std::string& member, const std::string& message) {
    is_whole_ = false;
    document_.error(problems_, path_ + "." + member, message);
  }

  // The value at a path of members; null: it is not there.
  static const Value* at(const Value& from, std::string_view path) {
    const Value* value = &from;
    while (value != nullptr && !path.empty()) {
      const std::string_view member = path.substr(0, path.find('.'));
      value = value->find(member);
      path.remove_prefix(std::min(path.size(), member.size() + 1));
    }
    return value;
  }

  static bool lists(const Value* list, std::string_view text) {
    const Value::List* items = list == nullptr ? nullptr : list->as_list();
    if (items == nullptr) return false;
    return std::ranges::any_of(*items, [text](const Value& item) {
      return item.as_string() != nullptr && *item.as_string() == text;
    });
  }

  std::int64_t count(const Value& from, const std::string& path, std::int64_t least) {
    const Value* value = at(from, path);
    const std::optional<std::int64_t> number = value == nullptr ? std::nullopt : value->as_int64();
    if (number && *number >= least && *number <= kMost) return *number;
    error(path, fmt::format("a whole number from {} to {} is expected, found {}", least, kMost,
                            value == nullptr ? "nothing" : config::found_text(*value)));
    return least;
  }

  std::int64_t optional_count(const Value& from, const std::string& path) {
    return at(from, path) == nullptr ? 0 : count(from, path, 0);
  }

  std::string architecture() {
    const Value* known = at(item_, "ProcessorInfo.SupportedArchitectures");
    if (lists(known, "x86_64")) return "amd64";
    for (const char* name : {"arm64", "arm64_mac", "x86_64_mac"}) {
      if (lists(known, name)) return name;
    }
    error("ProcessorInfo.SupportedArchitectures",
          "x86_64, arm64, x86_64_mac or arm64_mac is expected among them");
    return "";
  }

  // Of the default network card alone, as the EKS image counts.
  int max_pods() {
    const std::int64_t addresses = count(item_, "NetworkInfo.Ipv4AddressesPerInterface", 1);
    std::int64_t interfaces = count(item_, "NetworkInfo.MaximumNetworkInterfaces", 1);
    const Value* cards = at(item_, "NetworkInfo.NetworkCards");
    if (cards != nullptr && cards->as_list() != nullptr) {
      const std::int64_t card = optional_count(item_, "NetworkInfo.DefaultNetworkCardIndex");
      for (const Value& entry : *cards->as_list()) {
        if (optional_count(entry, "NetworkCardIndex") != card) continue;
        interfaces = count(entry, "MaximumNetworkInterfaces", 1);
      }
    }
    return static_cast<int>(std::min(kMost, interfaces * (addresses - 1) + 2));
  }

  // A type with a part of a GPU has Count 0 and LogicalGpuCount 1, and says the part.
  void read_gpus(ec2::InstanceType& type) {
    const Value* gpus = at(item_, "GpuInfo.Gpus");
    if (gpus == nullptr || gpus->as_list() == nullptr) return;
    for (const Value& gpu : *gpus->as_list()) {
      const std::int64_t whole = optional_count(gpu, "Count");
      type.gpus += static_cast<int>(whole > 0 ? whole : optional_count(gpu, "LogicalGpuCount"));
      const Value* part = gpu.find("GpuPartitionSize");
      if (whole == 0 && part != nullptr) type.gpu_share = part->as_double().value_or(1);
      const Value* name = gpu.find("Name");
      if (name != nullptr && name->as_string() != nullptr) type.gpu_model = *name->as_string();
    }
    type.gpu_memory = Bytes(optional_count(item_, "GpuInfo.TotalGpuMemoryInMiB") * kMi);
  }

  int neuron_devices() {
    const Value* devices = at(item_, "NeuronInfo.NeuronDevices");
    if (devices == nullptr || devices->as_list() == nullptr) return 0;
    std::int64_t sum = 0;
    for (const Value& device : *devices->as_list()) sum += optional_count(device, "Count");
    return static_cast<int>(std::min(kMost, sum));
  }

  const Value& item_;
  std::string path_;
  const config::Document& document_;
  config::Problems& problems_;
  bool is_whole_ = true;
};

}  // namespace

std::vector<ec2::InstanceType> read_described_types(const config::Document& document,
                                                    config::Problems& problems) {
  std::vector<ec2::InstanceType> types;
  const Value* list = document.root().find("InstanceTypes");
  if (list == nullptr || list->as_list() == nullptr) {
    document.error(problems, "InstanceTypes",
                   "the list \"InstanceTypes\" is expected, as aws ec2 describe-instance-types "
                   "prints it");
    return types;
  }
  const Value::List& items = *list->as_list();
  for (std::size_t i = 0; i < items.size(); ++i) {
    TypeReader reader(items[i], fmt::format("InstanceTypes[{}]", i), document, problems);
    if (auto type = reader.read()) types.push_back(std::move(*type));
  }
  return types;
}

}  // namespace casim::sim
