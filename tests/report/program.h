// Results made by the program itself, in a folder that goes with the test.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace casim::sim {

class ProgramFolder {
 public:
  explicit ProgramFolder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("casim_" + name + "." + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }

  ~ProgramFolder() { std::filesystem::remove_all(path_); }

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  // The exit code of casim.
  static int run(const std::string& arguments) {
    const std::string command =
        std::string(CASIM_PROGRAM) + " " + arguments + " >/dev/null 2>/dev/null";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_file(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

// Those of scenarios/ that need no recorded trace; `with_faults`: those only that have faults.
inline std::vector<std::string> shipped_scenarios(bool with_faults) {
  std::map<std::string, bool> found;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || name == "openb" || name == "surf") continue;
    found[name] = read_file(entry.path()).find("\"faults\"") != std::string::npos;
  }
  std::vector<std::string> out;
  for (const auto& [name, has_faults] : found) {
    if (has_faults || !with_faults) out.push_back(name);
  }
  return out;
}

// Rows of a file without quoted fields, by column.
inline std::vector<std::map<std::string, std::string>> read_csv(const std::filesystem::path& file) {
  std::ifstream in(file);
  const auto cells_of = [](const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    return cells;
  };
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> columns = cells_of(line);
  std::vector<std::map<std::string, std::string>> rows;
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = cells_of(line);
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < columns.size(); ++i) row[columns[i]] = cells.at(i);
  }
  return rows;
}

}  // namespace casim::sim
