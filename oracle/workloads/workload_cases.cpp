#include "oracle/workloads/workload_cases.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "oracle/judge/strict_json.h"
#include "oracle/workloads/workload_family.h"

namespace casim::oracle {

namespace {

std::vector<WorkloadFamily> all_families() {
  std::vector<WorkloadFamily> all;
  for (const auto& families :
       {cron_families(), daemon_set_families(), deployment_families(), hpa_families(),
        job_families(), replica_set_families(), stateful_set_families()}) {
    all.insert(all.end(), families.begin(), families.end());
  }
  return all;
}

// Of recorded cases; their controllers are not built yet.
constexpr const char* kNotBuilt[] = {"hpa", "rate-hpa", "job", "rate-job", "cron"};

class WorkloadKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("given") || !one.contains("expect")) return false;
    const Json& given = one.at("given");
    return given.is_object() && given.contains("created_at_s") && given.contains("duration_s") &&
           one.contains("family");
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id");
    result.family = one.at("family");
    for (const WorkloadFamily& family : families_) {
      if (family.name != result.family) continue;
      result.difference = family.run(one.at("given"), one.at("expect"));
      result.passed = result.difference.empty();
      return result;
    }
    result.skipped = std::ranges::find(kNotBuilt, result.family) != std::end(kNotBuilt);
    result.difference = "the family " + result.family + " is not built";
    return result;
  }

 private:
  const std::vector<WorkloadFamily> families_ = all_families();
};

}  // namespace

std::unique_ptr<CaseKind> make_workload_kind() { return std::make_unique<WorkloadKind>(); }

}  // namespace casim::oracle
