#include "oracle/judge/oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace casim::oracle {

using Json = nlohmann::json;

namespace {

Json parse(const std::string& place, const std::string& text) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& e) {
    throw std::runtime_error(place + ": " + e.what());
  }
}

CaseFile load_lines(const std::string& path, std::istream& in) {
  CaseFile file{path, {}};
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (!line.empty()) file.cases.push_back(parse(fmt::format("{}:{}", path, number), line));
  }
  return file;
}

CaseFile load_document(const std::string& path, std::istream& in) {
  CaseFile file{path, {}};
  Json document = parse(path, std::string(std::istreambuf_iterator<char>(in), {}));
  if (document.is_object() && document.contains("cases")) document = document.at("cases");
  if (document.is_object()) {
    file.cases.push_back(std::move(document));
  } else {
    for (Json& one : document) file.cases.push_back(std::move(one));
  }
  return file;
}

CaseFile load_file(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot open " + path);
  const bool is_lines = path.ends_with(".jsonl");
  CaseFile file = is_lines ? load_lines(path, in) : load_document(path, in);
  if (file.cases.empty()) throw std::runtime_error("no cases in " + path);
  return file;
}

}  // namespace

std::vector<CaseFile> load(const std::string& path) {
  namespace fs = std::filesystem;
  if (!fs::is_directory(path)) return {load_file(path)};
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
    const std::string extension = entry.path().extension();
    if (extension == ".json" || extension == ".jsonl") names.push_back(entry.path());
  }
  std::sort(names.begin(), names.end());
  std::vector<CaseFile> files;
  for (const std::string& name : names) files.push_back(load_file(name));
  if (files.empty()) throw std::runtime_error("no cases in " + path);
  return files;
}

std::string CaseKind::explain(const Json& one) const {
  const std::string difference = run(one).difference;
  if (difference.empty()) return "";
  return fmt::format("{}\ngiven {}\nexpect {}\n", difference, one.at("given").dump(2),
                     one.at("expect").dump(2));
}

CaseResult run_case(const std::vector<std::unique_ptr<CaseKind>>& kinds, const Json& one) {
  CaseResult result;
  result.id = one.is_object() ? one.value("id", "?") : "?";
  result.family = result.id.substr(0, result.id.rfind('-'));
  for (const std::unique_ptr<CaseKind>& kind : kinds) {
    if (!kind->is_mine(one)) continue;
    try {
      result = kind->run(one);
    } catch (const std::exception& e) {
      result.passed = false;
      result.difference = e.what();
    }
    return result;
  }
  result.difference = "no kind of case that is built";
  return result;
}

}  // namespace casim::oracle
