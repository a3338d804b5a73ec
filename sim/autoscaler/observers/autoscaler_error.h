// Errors of a loop, of the types that RunOnce gives them. Source: upstream's utils/errors.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace casim::sim {

// Those of upstream's AutoscalerErrorType that this autoscaler raises.
enum class AutoscalerErrorType {
  kCloudProviderError,  // of the provider, or of the way to it
  kApiCallError,        // of the Kubernetes API
  kInternalError,       // of the autoscaler itself
  kTransientError,      // skips the loop and asks for nothing; to the health check it is a success
};

std::string_view name_of(AutoscalerErrorType type);  // "cloudProviderError", as upstream's

// An error with what it says. Upstream's AutoscalerError.
struct AutoscalerError {
  AutoscalerErrorType type = AutoscalerErrorType::kInternalError;
  std::string message;  // may be empty

  bool operator==(const AutoscalerError&) const = default;
};

// As facts and metrics name the error of a loop; empty: it had none.
std::string text_of(const std::optional<AutoscalerErrorType>& type);
// "<type>: <message>", or the type alone; empty: no error.
std::string text_of(const std::optional<AutoscalerError>& error);

}  // namespace casim::sim
