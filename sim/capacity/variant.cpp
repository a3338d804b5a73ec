#include "sim/capacity/variant.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "sim/study/stored_results.h"
#include "sim/study/summary_leaves.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {
namespace {

using config::Value;
namespace fs = std::filesystem;

std::string text_of(const Value* value) {
  return value == nullptr ? "" : config::to_json(*value, -1);
}

std::string joined(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

bool is_list_of_objects(const Value* value) {
  return value != nullptr && value->as_list() != nullptr && !value->as_list()->empty() &&
         value->as_list()->front().as_object() != nullptr;
}

class Walk {
 public:
  void visit(const std::string& path, const Value* first, const Value* other) {
    if (first != nullptr && other != nullptr && *first == *other) return;
    const bool has_members = (first != nullptr && first->as_object() != nullptr) &&
                             (other != nullptr && other->as_object() != nullptr);
    if (has_members) return visit_members(path, *first, *other);
    if (is_list_of_objects(first) && is_list_of_objects(other)) {
      return visit_items(path, *first->as_list(), *other->as_list());
    }
    found_.push_back({path, text_of(first), text_of(other)});
  }

  std::vector<ScenarioDifference> take() { return std::move(found_); }

 private:
  void visit_members(const std::string& path, const Value& first, const Value& other) {
    for (const auto& [name, value] : *other.as_object()) {
      if (path.empty() && name == "seed") continue;
      visit(joined(path, name), first.find(name), &value);
    }
    for (const auto& [name, value] : *first.as_object()) {
      if (other.find(name) == nullptr) visit(joined(path, name), &value, nullptr);
    }
  }

  static std::map<std::string, const Value*> named(const Value::List& items) {
    std::map<std::string, const Value*> out;
    for (std::size_t i = 0; i < items.size(); ++i) out[name_of(items[i], i)] = &items[i];
    return out;
  }

  static std::string name_of(const Value& item, std::size_t number) {
    const std::string name = member_text(item, "name");
    return name.empty() ? std::to_string(number) : name;
  }

  void visit_items(const std::string& path, const Value::List& first, const Value::List& other) {
    const auto before = named(first);
    const auto now = named(other);
    for (std::size_t i = 0; i < other.size(); ++i) {
      const std::string name = name_of(other[i], i);
      const auto found = before.find(name);
      visit(joined(path, name), found == before.end() ? nullptr : found->second, &other[i]);
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
      const std::string name = name_of(first[i], i);
      if (!now.contains(name)) visit(joined(path, name), &first[i], nullptr);
    }
  }

  std::vector<ScenarioDifference> found_;
};

// "x4=out/x4" names its label; a path with '=' in it is one all the same.
std::pair<std::string, std::string> label_and_place(const std::string& given) {
  const std::size_t equals = given.find('=');
  std::error_code error;
  if (equals == std::string::npos || equals == 0 || fs::exists(given, error)) return {"", given};
  return {given.substr(0, equals), given.substr(equals + 1)};
}

std::expected<Value, std::string> scenario_in(const fs::path& folder) {
  config::Problems problems;
  const auto document = config::load_file(folder / "scenario.json", problems);
  if (!document || problems.has_errors()) return std::unexpected(problems.text());
  return document->root();
}

// The runs of one scenario in a place.
std::expected<Variant, std::string> variant_of(const std::vector<const StoredResult*>& results,
                                               const std::string& place) {
  Variant out;
  std::vector<Value> summaries;
  for (const StoredResult* result : results) summaries.push_back(result->summary);
  auto runs = replications_of(summaries);
  if (!runs) return std::unexpected(fmt::format("{}: {}", place, runs.error()));
  out.runs = *std::move(runs);
  std::ranges::sort(summaries, {}, [](const Value& s) { return *s.find("seed")->as_uint64(); });
  out.summaries = std::move(summaries);
  const auto first = std::ranges::min_element(results, {}, [](const StoredResult* result) {
    return *result->summary.find("seed")->as_uint64();
  });
  out.folder = (*first)->folder;
  auto scenario = scenario_in(out.folder);
  if (!scenario) return std::unexpected(scenario.error());
  out.scenario = *std::move(scenario);
  return out;
}

// Where the scenarios have one name, the places tell them apart.
void tell_apart(std::vector<Variant>& variants, const std::vector<std::string>& places) {
  std::map<std::string, int> uses;
  for (const Variant& variant : variants) ++uses[variant.label];
  for (std::size_t i = 0; i < variants.size(); ++i) {
    if (uses[variants[i].label] > 1) variants[i].label = places[i];
  }
}

}  // namespace

std::vector<ScenarioDifference> differences_between(const Value& first, const Value& other) {
  Walk walk;
  walk.visit("", &first, &other);
  return walk.take();
}

std::optional<double> Variant::mean(const std::string& path) const {
  const ReplicatedValue* value = find(path);
  if (value == nullptr || value->without > 0 || value->runs.empty()) return std::nullopt;
  return mean_of(value->runs);
}

std::optional<double> Variant::most(const std::string& path) const {
  const ReplicatedValue* value = find(path);
  if (value == nullptr || value->without > 0 || value->runs.empty()) return std::nullopt;
  return std::ranges::max(value->runs);
}

std::expected<std::vector<Variant>, std::string> read_variants(
    const std::vector<std::string>& results) {
  std::vector<Variant> out;
  std::vector<std::string> places;
  for (const std::string& given : results) {
    const auto [label, place] = label_and_place(given);
    const auto stored = read_results(place);
    if (!stored) return std::unexpected(stored.error());
    std::map<std::string, std::vector<const StoredResult*>> by_scenario;
    for (const auto& [key, result] : *stored) {
      by_scenario[member_text(result.summary, "scenario")].push_back(&result);
    }
    for (const auto& [scenario, runs] : by_scenario) {
      auto variant = variant_of(runs, place);
      if (!variant) return std::unexpected(variant.error());
      if (!out.empty() && out.front().runs.version != variant->runs.version) {
        return std::unexpected(
            fmt::format("{}: is of version {} of casim's results, {} of {}: their numbers do not "
                        "stand side by side",
                        place, variant->runs.version, places.front(), out.front().runs.version));
      }
      const bool is_alone = by_scenario.size() == 1;
      variant->label = label.empty() ? scenario : is_alone ? label : label + " " + scenario;
      out.push_back(*std::move(variant));
      places.push_back(is_alone ? place : (fs::path(place) / scenario).string());
    }
  }
  tell_apart(out, places);
  return out;
}

}  // namespace casim::sim
