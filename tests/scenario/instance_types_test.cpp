#include "sim/scenario/instance_types.h"

#include <filesystem>
#include <fstream>

#include "sim/scenario/described_types.h"
#include "src/config/config.h"
#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;

namespace {

constexpr std::int64_t kMi = std::int64_t{1} << 20;

config::Document parsed(const std::string& text) {
  config::Problems problems;
  return config::parse_text(text, config::Format::kJson, {"types.json", ""}, problems).value();
}

const config::Document kNoDocument{config::Value()};

// A reply with one type, "m9.large" if nothing is put in the place of its parts.
std::string reply(const std::string& gpus = "", const std::string& vcpus = "2") {
  return R"({"InstanceTypes": [{"InstanceType": "m9.large", "CurrentGeneration": true,
    "SupportedUsageClasses": ["on-demand"],
    "ProcessorInfo": {"SupportedArchitectures": ["arm64"]},
    "VCpuInfo": {"DefaultVCpus": )" +
         vcpus + R"(}, "MemoryInfo": {"SizeInMiB": 8192}, )" + gpus + R"(
    "InstanceStorageInfo": {"TotalSizeInGB": 118},
    "NetworkInfo": {"MaximumNetworkInterfaces": 64, "Ipv4AddressesPerInterface": 10,
      "DefaultNetworkCardIndex": 1,
      "NetworkCards": [{"NetworkCardIndex": 0, "MaximumNetworkInterfaces": 61},
                       {"NetworkCardIndex": 1, "MaximumNetworkInterfaces": 3}]}}]})";
}

}  // namespace

TEST_CASE("types are read as aws ec2 describe-instance-types prints them", "[scenario]") {
  config::Problems problems;
  const auto types = read_described_types(parsed(reply()), problems);
  CHECK(problems.text() == "");
  REQUIRE(types.size() == 1);
  const ec2::InstanceType& type = types.front();
  CHECK(type.name == "m9.large");
  CHECK(type.architecture == "arm64");
  CHECK(type.vcpus == 2);
  CHECK(type.memory == Bytes(8192 * kMi));
  CHECK(type.gpus == 0);
  CHECK(type.max_pods == 3 * 9 + 2);  // of the default card
  CHECK(type.local_storage == Bytes(118'000'000'000));
  CHECK_FALSE(type.has_spot);
}

TEST_CASE("a part of a GPU has Count 0 and is one GPU all the same", "[scenario]") {
  config::Problems problems;
  const auto types = read_described_types(
      parsed(reply(R"("GpuInfo": {"Gpus": [{"Name": "L4", "Manufacturer": "NVIDIA", "Count": 0,
        "LogicalGpuCount": 1, "GpuPartitionSize": 0.125, "MemoryInfo": {"SizeInMiB": 2861}}],
        "TotalGpuMemoryInMiB": 2861},)")),
      problems);
  REQUIRE(types.size() == 1);
  CHECK(types.front().gpus == 1);
  CHECK(types.front().gpu_share == 0.125);
  CHECK(types.front().gpu_model == "L4");
  CHECK(types.front().gpu_memory == Bytes(2861 * kMi));
}

TEST_CASE("what is wrong in a reply is told with its place, and left out", "[scenario]") {
  const auto vcpus = GENERATE(values<std::string>({"0", "-1", "\"2\"", "1e99", "null"}));
  config::Problems problems;
  CHECK(read_described_types(parsed(reply("", vcpus)), problems).empty());
  CHECK_THAT(problems.text(), ContainsSubstring("InstanceTypes[0].VCpuInfo.DefaultVCpus: a whole "
                                                "number from 1 to 1000000000 is expected, found "));
  config::Problems others;
  CHECK(read_described_types(parsed(R"({"Reservations": []})"), others).empty());
  CHECK_THAT(others.text(), ContainsSubstring("describe-instance-types"));
}

TEST_CASE("a file replaces what it says, and keeps price and zones", "[scenario]") {
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / "casim_instance_types_test.json";
  std::string text = reply();
  text.replace(text.find("m9.large"), 8, "m6i.large");
  std::ofstream(file) << text;
  Ec2Config ec2;
  ec2.instance_types_file = file;
  config::Problems problems;
  const auto catalogue = catalogue_of(ec2, kNoDocument, problems);
  std::filesystem::remove(file);
  CHECK(problems.text() == "");
  const ec2::InstanceType& type = catalogue->at("m6i.large");
  CHECK(type.architecture == "arm64");
  CHECK(type.price == Price{96'000});
  CHECK(type.zones->size() == 5);
}

TEST_CASE("a scenario changes types and adds its own", "[scenario]") {
  Ec2Config ec2;
  ec2.instance_types["m6i.large"].usd_per_hour = 0.05;
  ec2.instance_types["rack.big"].vcpus = 64;
  ec2.instance_types["rack.big"].memory = Bytes(1024 * kMi);
  ec2.instance_types["g5.xlarge"].gpus = 0;
  ec2.instance_types["rack.vague"].vcpus = 1;
  config::Problems problems;
  const auto catalogue = catalogue_of(ec2, kNoDocument, problems);
  CHECK(catalogue->at("m6i.large").price == Price{50'000});
  CHECK(catalogue->at("m6i.large").vcpus == 2);
  CHECK(catalogue->at("rack.big").vcpus == 64);
  CHECK(catalogue->at("rack.big").architecture == "amd64");
  CHECK(ec2::is_offered(catalogue->at("rack.big"), "us-east-1a"));
  CHECK(catalogue->at("g5.xlarge").gpu_model.empty());
  CHECK_FALSE(catalogue->contains("rack.vague"));
  CHECK_THAT(problems.text(), ContainsSubstring("ec2.instance_types.rack.vague: EC2 has no such "
                                                "type: a new one needs vcpus and memory"));
}
