// Runs recorded cases of real systems against our models. A file holds cases of any kind; each
// kind is told apart by what its cases contain. See the README of the oracle.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace casim::oracle {

// A count of what agreed, beside passing: "calls" 310 of 312.
struct Tally {
  int equal = 0;
  int all = 0;
};

struct CaseResult {
  std::string id;
  std::string family;
  bool passed = false;
  bool skipped = false;                 // it says nothing about the modelled version
  std::string difference;               // the first one; empty when passed
  std::map<std::string, Tally> beside;  // reported, not judged
};

class CaseKind {
 public:
  virtual ~CaseKind() = default;
  virtual bool is_mine(const nlohmann::json& one) const = 0;
  virtual CaseResult run(const nlohmann::json& one) const = 0;

  // The first difference with all that belongs to it, for a person; empty without one.
  virtual std::string explain(const nlohmann::json& one) const;
};

// All kinds that are built, one a line in case_kinds.cpp.
std::vector<std::unique_ptr<CaseKind>> case_kinds();

struct CaseFile {
  std::string path;
  std::vector<nlohmann::json> cases;
};

// .jsonl: one case a line. .json: a case, a list of cases, or an object with "cases". A folder:
// all its files. Throws std::runtime_error, also where there is no case.
std::vector<CaseFile> load(const std::string& path);

// A case that no kind claims fails; an exception is a difference.
CaseResult run_case(const std::vector<std::unique_ptr<CaseKind>>& kinds, const nlohmann::json& one);

}  // namespace casim::oracle
