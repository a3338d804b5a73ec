// A small configuration that uses every form a describe() function can list.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/config/config.h"

namespace casim::sample {

enum class Color { kRed, kGreen };

inline config::EnumNames<Color> enum_names(Color) {
  return {{Color::kRed, "red"}, {Color::kGreen, "green"}};
}

struct Deployment {
  int replicas = 1;
  bool operator==(const Deployment&) const = default;
};

struct Job {
  int pods = 0;
  Duration length = std::chrono::seconds(60);
  bool operator==(const Job&) const = default;
};

using Body = std::variant<Deployment, Job>;

inline config::Alternatives alternatives(const Body*) { return {"kind", {"deployment", "job"}}; }

struct Workload {
  std::string name;
  Body body;
  Resources requests;
  std::optional<std::filesystem::path> file;
  bool operator==(const Workload&) const = default;
};

struct Group {
  std::string name;
  int min = 0;
  int max = 100;
  std::vector<Color> colors{Color::kRed};
  std::map<std::string, std::string> labels;
  bool operator==(const Group&) const = default;
};

struct Settings {
  std::uint64_t seed = 1;
  WallTime start{};
  Duration duration = std::chrono::hours(1);
  std::optional<Duration> warmup = std::chrono::minutes(5);
  double share = 0.5;
  bool verbose = false;
  MilliCpu cpu{250};
  Bytes memory{1 << 30};
  Distribution boot;
  std::vector<Group> groups;
  std::vector<Workload> workloads;
  config::Value extra;
};

void describe(config::Visitor& v, Deployment& d);
void describe(config::Visitor& v, Job& j);
void describe(config::Visitor& v, Workload& w);
void describe(config::Visitor& v, Group& g);
void describe(config::Visitor& v, Settings& s);

// Reads the text as the file "x.json" (or "x.yaml") of the folder "dir"; all problems as text.
std::string problems_of(std::string_view text, Settings& out,
                        config::Format format = config::Format::kJson);
std::string problems_of(std::string_view text);

}  // namespace casim::sample
