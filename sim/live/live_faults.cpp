#include "sim/live/live_faults.h"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace casim::sim {
namespace {

template <class Kind>
constexpr bool kIsOfRealParts =
    std::is_same_v<Kind, RpcFault> || std::is_same_v<Kind, RpcConnectionFault> ||
    std::is_same_v<Kind, RpcWrongAnswerFault> || std::is_same_v<Kind, AutoscalerCrashFault> ||
    std::is_same_v<Kind, ApiOutageFault>;

}  // namespace

FaultChoice live_faults(const std::vector<Fault>& faults) {
  FaultChoice out;
  for (const Fault& fault : faults) {
    std::visit(
        [&]<class Kind>(const Kind&) {
          if constexpr (!kIsOfRealParts<Kind>) {
            out.kept.push_back(fault);
          } else if (std::ranges::find(out.left_out, Kind::kKind) == out.left_out.end()) {
            out.left_out.push_back(Kind::kKind);
          }
        },
        fault.body);
  }
  return out;
}

}  // namespace casim::sim
