// Expected failures are values. Codes are those of gRPC, with its numbers, because most of ours
// cross that wire; kConflict is the Kubernetes API's refusal of a stale write and stays inside.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace casim {

enum class ErrorCode {
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
  kConflict = 100,
};

std::string_view name_of(ErrorCode code);  // "DEADLINE_EXCEEDED"

struct Error {
  ErrorCode code = ErrorCode::kUnknown;
  std::string message;

  bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failure(ErrorCode code, std::string message) {
  return std::unexpected<Error>(Error{code, std::move(message)});
}

}  // namespace casim
