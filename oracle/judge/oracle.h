// Recorded cases of the real systems and their verdicts: what a case gives is put before the
// simulator's own objects, and what they do is compared with what the real ones did. A kind of
// cases is told apart by what its cases contain; oracle/cases/README.md describes each.
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

// What came of one case.
struct CaseResult {
  std::string id;
  std::string family;
  bool passed = false;
  bool skipped = false;                 // it says nothing about the modelled version
  std::string difference;               // the first one; empty when passed
  std::map<std::string, Tally> beside;  // reported, not judged
};

// Cases of one schema, and how they are run. Stateless.
class CaseKind {
 public:
  virtual ~CaseKind() = default;
  // By the keys that the case has.
  virtual bool is_mine(const nlohmann::json& one) const = 0;
  // Requires: is_mine. Throws where the case does not keep to its schema.
  virtual CaseResult run(const nlohmann::json& one) const = 0;

  // The first difference with all that belongs to it, for a person; empty without one.
  virtual std::string explain(const nlohmann::json& one) const;
};

// All kinds that are built, one a line in case_kinds.cpp.
std::vector<std::unique_ptr<CaseKind>> case_kinds();

// The kind of the case; null for one that is not built.
const CaseKind* kind_of(const std::vector<std::unique_ptr<CaseKind>>& kinds,
                        const nlohmann::json& one);

// A case that no kind claims fails; an exception is a difference.
CaseResult run_case(const std::vector<std::unique_ptr<CaseKind>>& kinds, const nlohmann::json& one);

}  // namespace casim::oracle
