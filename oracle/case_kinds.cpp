#include "oracle/decisions/decision.h"
#include "oracle/ec2_requests/ec2_request_cases.h"
#include "oracle/judge/oracle.h"
#include "oracle/loops/closed_cases.h"
#include "oracle/loops/loop_cases.h"
#include "oracle/node_life/node_life_cases.h"
#include "oracle/paths/path_cases.h"
#include "oracle/retries/retry_cases.h"
#include "oracle/scheduler/scheduler_cases.h"
#include "oracle/workloads/workload_cases.h"

namespace casim::oracle {

std::vector<std::unique_ptr<CaseKind>> case_kinds() {
  std::vector<std::unique_ptr<CaseKind>> kinds;
  kinds.push_back(make_loop_kind());
  kinds.push_back(make_closed_kind());
  kinds.push_back(make_node_life_kind());
  kinds.push_back(make_workload_kind());
  kinds.push_back(make_scheduler_kind());
  kinds.push_back(make_retry_kind());
  kinds.push_back(make_ec2_request_kind());
  kinds.push_back(make_path_kind());
  kinds.push_back(make_decision_kind());
  return kinds;
}

}  // namespace casim::oracle
