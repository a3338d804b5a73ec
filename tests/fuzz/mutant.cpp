#include "tests/fuzz/mutant.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <utility>

#include "sim/scenario/describe.h"
#include "src/config/config.h"

namespace casim::fuzz {
namespace {

namespace fs = std::filesystem;

// Every kind of workload and of fault, and what the shipped scenarios leave out.
constexpr const char* kRich = R"({
  "schema_version": 1, "description": "d", "start": "2026-01-05T00:00:00Z", "warmup": "1m",
  "node_groups": [
    {"name": "a", "min": 1, "max": 9, "initial": 2, "instance_types": ["m6i.large", "m5.large"],
     "zones": ["us-east-1a", "us-east-1b"], "labels": {"pool": "a"},
     "taints": [{"key": "k", "value": "v", "effect": "PreferNoSchedule"}],
     "options": {"scale_down_unneeded_time": "2m"}},
    {"name": "b", "max": 5, "initial": 1, "instance_types": ["g4dn.xlarge"]}],
  "static_nodes": [{"name": "s", "instance_type": "m6i.large", "labels": {"x": "y"}}],
  "workloads": [
    {"name": "here", "kind": "initial", "group": "a", "nodes": 2, "per_node": 3,
     "pod": {"resources": {"requests": {"cpu": "100m"}}}},
    {"name": "web", "kind": "burst", "count": 12, "at": "20s", "over": "5s", "run_for": "3m",
     "pod": {"resources": {"requests": {"cpu": "900m", "memory": "1Gi"}}, "priority": 5,
             "nodeSelector": {"pool": "a"}, "hostPort": 80,
             "tolerations": [{"key": "k", "operator": "Exists"}]}},
    {"name": "gpu", "count": 3, "pod": {"resources": {"requests": {"nvidia.com/gpu": 1}}}}],
  "autoscaler": {"flags": {"expander": "priority,least-waste", "scan-interval": "5s"},
                 "priorities": "{10: [a.*], 20: [b]}"},
  "ec2": {"capacity": {"pools": [{"instance_type": "m6i.large", "instances": 3}],
                       "shortages": [{"mean_up": "1m", "mean_down": "20s", "all_zones": 0.5}]}},
  "faults": [{"kind": "provider_crash", "at": "40s"},
             {"kind": "machine_vanishes", "at": "90s", "group": "a", "count": 2},
             {"kind": "rpc", "from": "60s", "to": "80s", "method": "NodeGroupIncreaseSize",
              "applied": true, "latency": "3s"},
             {"kind": "ec2_outage", "at": "100s", "for": "30s"},
             {"kind": "ec2_brownout", "at": "30s", "for": "60s", "zones": ["us-east-1a"],
              "latency_factor": 3, "delay": {"exponential": {"mean": "2s"}}},
             {"kind": "ec2_errors", "at": "20s", "for": "40s", "share": 0.3,
              "errors": [{"code": "InternalError", "weight": 2}, {"code": "VcpuLimitExceeded"}]},
             {"kind": "ec2_throttle", "at": "50s", "for": "40s", "actions": ["DescribeInstances"]},
             {"kind": "ec2_throttle", "at": "70s", "for": "40s", "tokens_taken": 0.9},
             {"kind": "capacity_loss", "at": "20s", "for": "20s", "instance_types": ["m6i.large"]},
             {"kind": "rpc", "from": "200s", "to": "210s", "share": 0.5, "drop": true},
             {"kind": "rpc_connection", "at": "220s", "for": "9s", "state": "silent"},
             {"kind": "rpc_connection", "at": "100s", "for": "9s", "state": "refused"},
             {"kind": "rpc_wrong_answer", "at": "120s", "for": "30s", "answer": "stale"},
             {"kind": "rpc_wrong_answer", "at": "150s", "for": "30s", "group": "a",
              "answer": "unknown_instance", "count": 2},
             {"kind": "launch_failure", "at": "30s", "for": "60s", "groups": ["a"], "share": 0.5},
             {"kind": "connection_reset", "groups": ["a"], "share": 0.5,
              "every": {"mean_time_between": {"exponential": {"mean": "40s"}},
                        "mean_time_to_repair": {"p50": "5s", "p99": "20s"}}}]
})";

config::Document parsed(const std::string& text) {
  config::Problems problems;
  auto document = config::parse_text(text, config::Format::kJson, {"rich", ""}, problems);
  if (!document) throw std::runtime_error(problems.text());
  return *std::move(document);
}

// With all defaults written out.
Json resolved(const config::Document& document) {
  sim::Scenario scenario;
  config::Problems problems;
  if (!config::read(document, scenario, problems)) throw std::runtime_error(problems.text());
  return Json::parse(config::to_json(config::write(scenario)));
}

void shrink(Json& value) {
  if (value.is_number_integer() && value.get<std::int64_t>() >= 100) {
    value = value.get<std::int64_t>() / 100;
  }
  if (!value.is_structured()) return;
  for (Json& part : value) shrink(part);
  if (value.is_object() && value.contains("rates")) value["scale"] = 0.01;  // rates are texts
}

// A value by the object or list that holds it.
struct Place {
  Json* parent;
  std::size_t index;

  Json& value() const {
    return parent->is_object() ? std::next(parent->begin(), offset()).value() : (*parent)[index];
  }

  std::string key() const {
    return parent->is_object() ? std::next(parent->begin(), offset()).key() : "";
  }

  std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(index); }
};

void collect(Json& value, std::vector<Place>& places) {
  if (!value.is_structured()) return;
  for (std::size_t i = 0; i < value.size(); ++i) {
    places.push_back({&value, i});
    collect(places.back().value(), places);
  }
}

std::vector<Place> places_in(Json& root) {
  std::vector<Place> places;
  collect(root, places);
  return places;
}

template <class T>
const T& one_of(const std::vector<T>& pool, Choices& choices) {
  return pool[choices.below(pool.size())];
}

Json extreme_number(Choices& choices) {
  static const std::vector<Json> kNumbers = {
      0,
      1,
      -1,
      2,
      7,
      100,
      65536,
      0.5,
      1e-9,
      1e300,
      -1e300,
      std::numeric_limits<double>::max(),
      std::numeric_limits<double>::denorm_min(),
      std::numeric_limits<std::int32_t>::max(),
      std::numeric_limits<std::int32_t>::min(),
      std::int64_t{1} << 32,
      std::int64_t{1} << 53,
      std::numeric_limits<std::int64_t>::max(),
      std::numeric_limits<std::int64_t>::min(),
      std::numeric_limits<std::uint64_t>::max(),
  };
  return one_of(kNumbers, choices);
}

Json extreme_duration(Choices& choices) {
  static const std::vector<Json> kDurations = {
      "0s",  "1ns", "1us", "1ms",   "1s",      "7s",  "90s",
      "10m", "1h",  "24h", "8760h", "876000h", "-1s", "2562047h47m16.854775807s",
  };
  return one_of(kDurations, choices);
}

Json extreme_text(Choices& choices) {
  static const std::vector<Json> kTexts = {
      "",
      " ",
      "0",
      "x",
      "1",
      "1m",
      "4",
      "16Gi",
      "8Ei",
      "7Ei",
      "1e18",
      "9223372036854775807",
      "us-east-1c",
      "c6i.24xlarge",
      "p4d.24xlarge",
      "Exists",
      "NoExecute",
      "random",
      "price",
      "1.34",
      "DEADLINE_EXCEEDED",
      "OK",
      "NodeGroups",
      "true",
      "false",
      "a,b",
      "{1: [.*]}",
      "1678-01-01T00:00:00Z",
      "2261-12-31T23:59:59Z",
      std::string(300, 'x'),
  };
  return one_of(kTexts, choices);
}

Json other_kind(Choices& choices) {
  static const std::vector<Json> kKinds = {nullptr,       true,          0, 1.5, "text",
                                           Json::array(), Json::object()};
  return one_of(kKinds, choices);
}

void to_extreme(const Place& place, Choices& choices) {
  Json& value = place.value();
  if (value.is_number()) {
    value = extreme_number(choices);
  } else if (value.is_string()) {
    const bool is_duration = config::parse_duration(value.get<std::string>()).has_value();
    value = is_duration ? extreme_duration(choices) : extreme_text(choices);
  } else if (value.is_boolean()) {
    value = !value.get<bool>();
  } else {
    value = other_kind(choices);
  }
}

void remove(const Place& place) {
  if (place.parent->is_object()) {
    place.parent->erase(place.key());
  } else {
    place.parent->erase(place.index);
  }
}

// In a list beside itself, in an object in the place of another member.
void repeat(const Place& place, Choices& choices) {
  Json copy = place.value();
  if (place.parent->is_array()) {
    place.parent->insert(place.parent->begin() + place.offset(), std::move(copy));
  } else {
    Place{place.parent, choices.below(place.parent->size())}.value() = std::move(copy);
  }
}

void rename(const Place& place, const std::string& other, Choices& choices) {
  if (!place.parent->is_object()) return;
  const std::string key = place.key();
  const std::string name = choices.below(2) == 0 && !other.empty() ? other : key + "x";
  Json value = place.value();
  place.parent->erase(key);
  (*place.parent)[name] = std::move(value);
}

void change(Json& root, Choices& choices) {
  const std::vector<Place> places = places_in(root);
  if (places.empty()) return;
  const Place& place = one_of(places, choices);
  const Place& other = one_of(places, choices);
  switch (choices.below(9)) {
    case 0:
      return remove(place);
    case 1:
      return repeat(place, choices);
    case 2:
      return rename(place, other.key(), choices);
    case 3:
      place.value() = other_kind(choices);
      return;
    case 4:
      place.value() = Json(other.value());
      return;
    default:
      return to_extreme(place, choices);
  }
}

}  // namespace

std::vector<Json> base_scenarios() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator("scenarios")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<Json> bases = {resolved(parsed(kRich)), Json::parse(kRich)};
  for (const fs::path& file : files) {
    config::Problems problems;
    const auto document = config::load_file(file, problems);
    if (!document) throw std::runtime_error(problems.text());
    Json base = Json::parse(config::to_json(document->root()));
    shrink(base);
    bases.push_back(std::move(base));
  }
  return bases;
}

std::string mutant(const std::vector<Json>& bases, Choices& choices) {
  Json root = one_of(bases, choices);
  const std::size_t changes = 1 + choices.below(4);
  constexpr std::size_t kLargest = 20'000;  // places; copies into each other would grow without end
  for (std::size_t i = 0; i < changes && places_in(root).size() < kLargest; ++i) {
    change(root, choices);
  }
  return root.dump();
}

}  // namespace casim::fuzz
