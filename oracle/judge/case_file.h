// Files of recorded cases. A file holds cases of any kind: .jsonl has one a line; .json is a case,
// a list of cases, or an object with "cases". Either may be compressed by gzip, and ends in .gz
// then.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace casim::oracle {

struct CaseFile {
  std::string path;
  std::vector<nlohmann::json> cases;  // in the order of the file
};

// What the file says, decompressed. Throws std::runtime_error.
std::string read_text(const std::string& path);

// The files of cases at or below a path, by path; none if there is nothing there.
std::vector<std::string> case_files(const std::string& path);

// A file, or all files of a folder. Throws std::runtime_error, also where there is no case.
std::vector<CaseFile> load(const std::string& path);

}  // namespace casim::oracle
