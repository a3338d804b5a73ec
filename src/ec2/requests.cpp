#include "src/ec2/requests.h"

#include <cassert>

namespace casim::ec2 {

std::string_view name_of(StatusSummary status) {
  switch (status) {
    case StatusSummary::kOk:
      return "ok";
    case StatusSummary::kInitializing:
      return "initializing";
    case StatusSummary::kNotApplicable:
      return "not-applicable";
  }
  assert(false && "not a StatusSummary");
  return "unknown";
}

std::string_view reachability_of(StatusSummary status) {
  switch (status) {
    case StatusSummary::kOk:
      return "passed";
    case StatusSummary::kInitializing:
      return "initializing";
    case StatusSummary::kNotApplicable:
      return "";
  }
  assert(false && "not a StatusSummary");
  return "";
}

}  // namespace casim::ec2
