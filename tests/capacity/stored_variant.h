// Results written by hand, in a folder that goes with the test.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/capacity/variant.h"
#include "sim/metrics/collectors.h"
#include "src/config/config.h"
#include "tests/catch.h"

namespace casim::sim {

// What a result says, as far as these tests look.
struct WrittenRun {
  std::string scenario = "burst";
  std::uint64_t seed = 1;
  config::Value p99 = 80.0;
  double usd = 10;
  std::int64_t pods = 400;
  int vcpus = 64;
  bool holds = true;
  bool partial = false;
  std::string version{};           // empty: ours
  std::string document = R"({})";  // scenario.json
};

class ResultsFolder {
 public:
  ResultsFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("casim_capacity." + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
  }

  ~ResultsFolder() { std::filesystem::remove_all(path_); }

  std::string path(const std::string& name) const { return (path_ / name).string(); }

  void write(const std::string& name, const WrittenRun& run) const {
    Summary summary;
    summary.scenario = run.scenario;
    summary.seed = run.seed;
    summary.partial = run.partial;
    summary.digest = std::to_string(run.seed);
    summary.pods.created = run.pods;
    summary.nodes.ready_peak = 8;
    summary.thresholds = {{"pods.lost == 0", "0 pods", run.holds}};
    summary.vcpus["standard"] = {.peak = run.vcpus, .limit = 1152};
    config::Value tree = values_of(summary).tree();
    tree.find("scale_up_latency")->find("total")->set("count", 40);
    tree.find("scale_up_latency")->find("total")->set("p99", run.p99);
    tree.find("cost")->set("usd", run.usd);
    if (!run.version.empty()) tree.set("version", run.version);
    const auto folder = path_ / name;
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "summary.json") << config::to_json(tree);
    std::ofstream(folder / "scenario.json") << run.document;
  }

  std::vector<Variant> read(const std::vector<std::string>& names) const {
    auto variants = read_variants(places(names));
    REQUIRE(variants);
    return *std::move(variants);
  }

  std::string problem(const std::vector<std::string>& names) const {
    const auto variants = read_variants(places(names));
    return variants ? "" : variants.error();
  }

 private:
  // "x2=b" to "x2=/tmp/.../b".
  std::vector<std::string> places(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const std::string& name : names) {
      const std::size_t equals = name.find('=');
      out.push_back(equals == std::string::npos
                        ? path(name)
                        : name.substr(0, equals + 1) + path(name.substr(equals + 1)));
    }
    return out;
  }

  std::filesystem::path path_;
};

}  // namespace casim::sim
