#include "sim/scenario/instance_types.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/scenario/described_types.h"
#include "src/ec2/region.h"

namespace casim::sim {
namespace {

constexpr int kUsualMaxPods = 110;  // of the kubelet, where the scenario says nothing

void add_file(const std::filesystem::path& file, ec2::Catalogue& catalogue,
              config::Problems& problems) {
  const auto document = config::load_file(file, problems);
  if (!document) return;
  for (ec2::InstanceType& type : read_described_types(*document, problems)) {
    const auto known = catalogue.find(type.name);
    if (known != catalogue.end()) {
      type.price = known->second.price;
      type.zones = known->second.zones;
    }
    const std::string name = type.name;
    catalogue[name] = std::move(type);
  }
}

template <class T, class U>
void take(const std::optional<T>& given, U& value) {
  if (given) value = *given;
}

void change(const InstanceTypeConfig& given, ec2::InstanceType& type) {
  take(given.architecture, type.architecture);
  take(given.vcpus, type.vcpus);
  take(given.memory, type.memory);
  take(given.gpus, type.gpus);
  take(given.gpu_model, type.gpu_model);
  take(given.max_pods, type.max_pods);
  take(given.zones, type.zones);
  if (given.usd_per_hour) type.price = Price{std::llround(*given.usd_per_hour * 1e6)};
  if (type.gpus == 0) {
    type.gpu_model.clear();
    type.gpu_memory = Bytes();
    type.gpu_share = 1;
  }
}

// A type that EC2 does not have must say what it is.
bool is_complete(const InstanceTypeConfig& given) { return given.vcpus && given.memory; }

}  // namespace

std::shared_ptr<const ec2::Catalogue> catalogue_of(const Ec2Config& ec2,
                                                   const config::Document& scenario,
                                                   config::Problems& problems) {
  if (!ec2.instance_types_file && ec2.instance_types.empty()) return ec2.catalogue;
  auto catalogue = std::make_shared<ec2::Catalogue>(*ec2.catalogue);
  if (ec2.instance_types_file) add_file(*ec2.instance_types_file, *catalogue, problems);
  for (const auto& [name, given] : ec2.instance_types) {
    auto known = catalogue->find(name);
    if (known == catalogue->end()) {
      if (!is_complete(given)) {
        scenario.error(problems, "ec2.instance_types." + name,
                       "EC2 has no such type: a new one needs vcpus and memory");
        continue;
      }
      known = catalogue->emplace(name, ec2::InstanceType()).first;
      known->second.name = name;
      known->second.architecture = "amd64";
      known->second.max_pods = kUsualMaxPods;
    }
    for (const std::string& zone : given.zones.value_or(std::vector<std::string>{})) {
      if (ec2::region_of(zone) == ec2::region_of(given.zones->front())) continue;
      scenario.error(problems, "ec2.instance_types." + name + ".zones",
                     fmt::format("{} and {} lie in two Regions", given.zones->front(), zone));
    }
    change(given, known->second);
  }
  return catalogue;
}

}  // namespace casim::sim
