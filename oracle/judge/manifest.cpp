#include "oracle/judge/manifest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <exception>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include "oracle/judge/case_file.h"

namespace casim::oracle {

namespace fs = std::filesystem;

namespace {

std::string sha256_of(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 is not there");
  }
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

ManifestRow row_of(const std::string& place, const std::string& line) {
  ManifestRow row;
  std::istringstream words(line);
  std::string rest;
  words >> row.label >> row.cases >> row.sha256 >> row.file;
  const bool is_row = !words.fail() && !(words >> rest);
  if (!is_row || (row.label != "quick" && row.label != "long")) {
    throw std::runtime_error(place +
                             ": expected \"quick\" or \"long\", a count, a SHA-256, a file");
  }
  return row;
}

std::string text_of(const ManifestRow& row) {
  return fmt::format("{} {} {} {}", row.label, row.cases, row.sha256, row.file);
}

}  // namespace

Manifest::Manifest(const std::string& path) : folder_(fs::path(path).parent_path()) {
  std::istringstream lines(read_text(path));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.empty() || line.starts_with('#')) continue;
    rows_.push_back(row_of(fmt::format("{}:{}", path, number), line));
  }
}

std::vector<std::string> Manifest::problems() const {
  std::vector<std::string> problems;
  std::vector<std::string> known;
  for (const ManifestRow& row : rows_) {
    known.push_back(path_of(row));
    try {
      ManifestRow found = row;
      found.sha256 = sha256_of(read_text(path_of(row)));
      found.cases = load(path_of(row)).front().cases.size();
      if (found == row) continue;
      problems.push_back(fmt::format("{} is not what the manifest says: \"{}\" would be right",
                                     path_of(row), text_of(found)));
    } catch (const std::exception& e) {
      problems.push_back(e.what());
    }
  }
  for (const std::string& path : case_files(folder_)) {
    if (std::find(known.begin(), known.end(), path) != known.end()) continue;
    problems.push_back(path + " has no row in the manifest");
  }
  return problems;
}

}  // namespace casim::oracle
