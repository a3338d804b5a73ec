#include "sim/scenario/rpc_faults.h"

namespace casim::sim {
namespace {

constexpr int kLastGrpcCode = static_cast<int>(ErrorCode::kUnauthenticated);

}  // namespace

std::vector<std::string_view> rpc_method_names() {
  std::vector<std::string_view> names;
  for (int i = 0; i < kRpcMethodCount; ++i) names.push_back(name_of(static_cast<RpcMethod>(i)));
  return names;
}

std::vector<std::string_view> grpc_code_names() {
  std::vector<std::string_view> names{"OK"};
  for (int code = 1; code <= kLastGrpcCode; ++code) {
    names.push_back(name_of(static_cast<ErrorCode>(code)));
  }
  return names;
}

RpcFaultWindow to_rpc_fault(const RpcFaultScenario& fault) {
  RpcFaultWindow out;
  out.from = kTimeZero + fault.from;
  out.to = kTimeZero + fault.to;
  out.group = fault.group;
  out.applied = fault.applied;
  out.latency = fault.latency;
  const auto methods = rpc_method_names();
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (methods[i] == fault.method) out.method = static_cast<RpcMethod>(i);
  }
  const auto codes = grpc_code_names();
  for (std::size_t code = 1; code < codes.size(); ++code) {
    if (codes[code] == fault.code) out.code = static_cast<ErrorCode>(code);
  }
  return out;
}

}  // namespace casim::sim
