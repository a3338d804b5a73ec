#include "oracle/judge/case_file.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace casim::oracle {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

Json parse(const std::string& place, const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& e) {
    throw std::runtime_error(place + ": " + e.what());
  }
}

CaseFile load_lines(const std::string& path, const std::string& text) {
  CaseFile file{path, {}};
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (!line.empty()) file.cases.push_back(parse(fmt::format("{}:{}", path, number), line));
  }
  return file;
}

CaseFile load_document(const std::string& path, const std::string& text) {
  CaseFile file{path, {}};
  Json document = parse(path, text);
  if (document.is_object() && document.contains("cases")) document = document.at("cases");
  if (document.is_object()) {
    file.cases.push_back(std::move(document));
  } else {
    for (Json& one : document) file.cases.push_back(std::move(one));
  }
  return file;
}

bool has_ending(const std::string& path, const std::string& ending) {
  return path.ends_with(ending) || path.ends_with(ending + ".gz");
}

CaseFile load_file(const std::string& path) {
  const std::string text = read_text(path);
  CaseFile file = has_ending(path, ".jsonl") ? load_lines(path, text) : load_document(path, text);
  if (file.cases.empty()) throw std::runtime_error("no cases in " + path);
  return file;
}

}  // namespace

std::string read_text(const std::string& path) {
  const gzFile file = gzopen(path.c_str(), "rb");  // reads what is not compressed as it is
  if (file == nullptr) throw std::runtime_error("cannot open " + path);
  std::string text;
  std::array<char, 1 << 16> part;
  int length = 0;
  while ((length = gzread(file, part.data(), part.size())) > 0) {
    text.append(part.data(), static_cast<std::size_t>(length));
  }
  // A stream that breaks off is told of only here.
  const bool is_whole = gzclose(file) == Z_OK && length == 0;
  if (!is_whole) throw std::runtime_error("cannot read " + path + ": broken or no file");
  return text;
}

std::vector<std::string> case_files(const std::string& path) {
  if (fs::is_regular_file(path)) return {path};
  std::vector<std::string> files;
  if (!fs::is_directory(path)) return files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
    const std::string name = entry.path();
    if (has_ending(name, ".json") || has_ending(name, ".jsonl")) files.push_back(name);
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<CaseFile> load(const std::string& path) {
  if (!fs::is_directory(path)) return {load_file(path)};
  std::vector<CaseFile> files;
  for (const std::string& name : case_files(path)) files.push_back(load_file(name));
  if (files.empty()) throw std::runtime_error("no cases in " + path);
  return files;
}

}  // namespace casim::oracle
