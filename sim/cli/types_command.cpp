#include <cstdint>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "src/config/names.h"
#include "src/ec2/catalogue.h"

namespace casim::sim {
namespace {

std::string or_dash(std::string text) { return text.empty() ? "-" : text; }

// The instance store, in 10^9 bytes as EC2 tells it.
std::string storage_of(const ec2::InstanceType& type) {
  constexpr std::int64_t kGigabyte = 1'000'000'000;
  if (type.local_storage == Bytes()) return "-";
  return fmt::format("{}G", type.local_storage.value() / kGigabyte);
}

// Their letters.
std::string zones_of(const ec2::InstanceType& type) {
  std::string letters;
  for (const std::string& zone : type.zones.value_or(std::vector<std::string>{})) {
    letters += zone.back();
  }
  return letters.empty() ? "none" : letters;
}

std::string price_of(const ec2::InstanceType& type) {
  if (!type.price) return "-";
  return fmt::format("{:.4f}", static_cast<double>(type.price->micro_usd_per_hour) * 1e-6);
}

void print_row(const ec2::InstanceType& type) {
  fmt::print("{:<22} {:<10} {:>5} {:>9} {:<22} {:>7} {:>8} {:>9}  {}\n", type.name,
             type.architecture, type.vcpus, to_string(type.memory),
             or_dash(ec2::accelerators_of(type)), storage_of(type), type.max_pods, price_of(type),
             zones_of(type));
}

}  // namespace

int types_command(const Arguments& arguments) {
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "prefix", po::value<std::string>()->default_value(""), "print only types that begin with it");
  const CommandLine line = parse_command_line(
      arguments, options,
      {"[PREFIX]",
       "The instance types of EC2 that scenarios may name, with memory, GPUs, pod limit and price.",
       "casim types m7i."},
      "prefix");
  if (!line.goes_on) return line.exit_code;
  const auto& prefix = line.values["prefix"].as<std::string>();
  std::vector<const ec2::InstanceType*> found;
  std::vector<std::string_view> names;
  const auto catalogue = ec2::default_catalogue();
  for (const auto& [name, type] : *catalogue) {
    names.emplace_back(name);
    if (name.starts_with(prefix)) found.push_back(&type);
  }
  if (found.empty()) {
    fmt::print(stderr, "casim: no instance type begins with \"{}\"{}\n", prefix,
               config::suggestion(prefix, names));
    return kBadInput;
  }
  fmt::print("{:<22} {:<10} {:>5} {:>9} {:<22} {:>7} {:>8} {:>9}  {}\n", "type", "arch", "vCPU",
             "memory", "accelerators", "storage", "max pods", "USD/h", "zones of us-east-1");
  for (const ec2::InstanceType* type : found) print_row(*type);
  return kOk;
}

}  // namespace casim::sim
