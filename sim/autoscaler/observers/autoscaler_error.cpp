#include "sim/autoscaler/observers/autoscaler_error.h"

namespace casim::sim {

std::string_view name_of(AutoscalerErrorType type) {
  switch (type) {
    case AutoscalerErrorType::kCloudProviderError:
      return "cloudProviderError";
    case AutoscalerErrorType::kApiCallError:
      return "apiCallError";
    case AutoscalerErrorType::kInternalError:
      return "internalError";
    case AutoscalerErrorType::kTransientError:
      return "transientError";
  }
  return "";
}

std::string text_of(const std::optional<AutoscalerErrorType>& type) {
  return type ? std::string(name_of(*type)) : std::string();
}

std::string text_of(const std::optional<AutoscalerError>& error) {
  if (!error) return "";
  const std::string type(name_of(error->type));
  return error->message.empty() ? type : type + ": " + error->message;
}

}  // namespace casim::sim
