// The outcome of a gRPC call: OK, or an error. Numbers and names are gRPC's.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/result.h"

namespace casim {

// The errors have the numbers of ErrorCode, whose kConflict never crosses that wire.
enum class GrpcCode {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

inline constexpr int kGrpcCodeCount = 17;

// None for kOk.
constexpr std::optional<ErrorCode> error_of(GrpcCode code) {
  if (code == GrpcCode::kOk) return std::nullopt;
  return static_cast<ErrorCode>(code);
}

// All of them with their names, "OK" first: how a configuration spells them.
std::vector<std::pair<GrpcCode, std::string_view>> enum_names(GrpcCode);

}  // namespace casim
