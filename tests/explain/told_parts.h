// What pods.csv says of a pod's wait, and what an explanation says of it.
#pragma once

#include <istream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace casim::test {

using PodRow = std::map<std::string, std::string>;  // by column

// pods.csv by the name of the pod. Requires: no cell has a comma.
inline std::map<std::string, PodRow> pods_by_name(std::istream& csv) {
  const auto cells_of = [](const std::string& line) {
    std::vector<std::string> out;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, ',');) out.push_back(cell);
    return out;
  };
  std::string line;
  std::getline(csv, line);
  const std::vector<std::string> names = cells_of(line);
  std::map<std::string, PodRow> out;
  while (std::getline(csv, line)) {
    const std::vector<std::string> cells = cells_of(line);
    PodRow row;
    for (std::size_t i = 0; i < cells.size() && i < names.size(); ++i) row[names[i]] = cells[i];
    out[cells.front()] = row;
  }
  return out;
}

// Stages that are not zero, and the total, exactly as written there.
inline PodRow parts_in(const PodRow& pod) {
  PodRow out;
  bool is_stage = false;
  for (const auto& [column, length] : pod) {
    is_stage = column.ends_with("_s") && column != "created_s" && column != "gated_s" &&
               column != "bound_s" && column != "running_s" && column != "ended_s";
    if (!is_stage || length.empty() || length == "0.000000000") continue;
    std::string stage = column.substr(0, column.size() - 2);
    if (stage.starts_with("existing_")) stage = stage.substr(9);
    out[stage] = length;
  }
  return out;
}

// "  boot   21.166586000 s  27.2 %": what stands under "Where the time went".
inline PodRow parts_told(const std::string& text) {
  PodRow out;
  const std::size_t at = text.find("Where the time went");
  if (at == std::string::npos) return out;
  std::istringstream in(text.substr(at));
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line) && !line.empty()) {
    if (!line.starts_with("  ") || line[2] == ' ') continue;  // a cause
    std::istringstream words(line);
    std::string name;
    std::string length;
    words >> name >> length;
    out[name] = length;
  }
  return out;
}

}  // namespace casim::test
