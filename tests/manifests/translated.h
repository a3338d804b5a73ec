// Manifests in, items of a scenario out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/manifests/translate.h"
#include "src/config/manifest_document.h"

namespace casim::sim {

struct Translated {
  std::vector<ManifestItem> items;
  std::string problems;  // with warnings

  // The first item of that list and name, as JSON in one line; empty: there is none.
  std::string json(std::string_view list, std::string_view name) const {
    for (const ManifestItem& item : items) {
      if (item.list == list && *item.item.find("name") == config::Value(name)) {
        return config::to_json(item.item, -1);
      }
    }
    return "";
  }

  // The same of a part of it.
  std::string part(std::string_view list, std::string_view name, std::string_view path) const {
    for (const ManifestItem& item : items) {
      if (item.list != list || *item.item.find("name") != config::Value(name)) continue;
      const config::Value* value = value_at(item.item, path);
      return value == nullptr ? "" : config::to_json(*value, -1);
    }
    return "no such item";
  }
};

inline Translated translated(std::string_view yaml, ManifestOptions options = {},
                             const config::Value* demand = nullptr) {
  config::Problems problems;
  std::vector<ManifestFile> files;
  if (auto documents =
          config::parse_manifest(yaml, config::Format::kYaml, {"x.yaml", ""}, problems)) {
    files.push_back({"x.yaml", std::move(*documents)});
  }
  options.source = "x.yaml";
  TakenNames taken;
  Translated out;
  out.items = translate(files, options, demand, taken, problems);
  out.problems = problems.text();
  return out;
}

}  // namespace casim::sim
