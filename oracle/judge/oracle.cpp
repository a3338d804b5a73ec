#include "oracle/judge/oracle.h"

#include <fmt/format.h>

#include <exception>

namespace casim::oracle {

using Json = nlohmann::json;

std::string CaseKind::explain(const Json& one) const {
  const std::string difference = run(one).difference;
  if (difference.empty()) return "";
  return fmt::format("{}\ngiven {}\nexpect {}\n", difference, one.at("given").dump(2),
                     one.at("expect").dump(2));
}

const CaseKind* kind_of(const std::vector<std::unique_ptr<CaseKind>>& kinds, const Json& one) {
  for (const std::unique_ptr<CaseKind>& kind : kinds) {
    if (kind->is_mine(one)) return kind.get();
  }
  return nullptr;
}

CaseResult run_case(const std::vector<std::unique_ptr<CaseKind>>& kinds, const Json& one) {
  CaseResult result;
  result.id = one.is_object() ? one.value("id", "?") : "?";
  result.family = result.id.substr(0, result.id.rfind('-'));
  const CaseKind* const kind = kind_of(kinds, one);
  if (kind == nullptr) {
    result.difference = "no kind of case that is built";
    return result;
  }
  try {
    result = kind->run(one);
  } catch (const std::exception& e) {
    result.passed = false;
    result.difference = e.what();
  }
  return result;
}

}  // namespace casim::oracle
