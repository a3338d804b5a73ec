#include "src/ec2/error_code.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace casim::ec2 {
namespace {

using enum ErrorCode;
using enum SdkRetry;

constexpr ErrorCodeInfo shortage(ErrorCode code, std::string_view text, int status) {
  return {code, text, status, kByStatus, true};
}

constexpr ErrorCodeInfo throttle(ErrorCode code, std::string_view text, int status) {
  return {code, text, status, kThrottle};
}

constexpr ErrorCodeInfo transient(ErrorCode code, std::string_view text, int status) {
  return {code, text, status, kTransient};
}

constexpr ErrorCodeInfo kTable[] = {
    shortage(kInsufficientInstanceCapacity, "InsufficientInstanceCapacity", 500),
    shortage(kInsufficientCapacity, "InsufficientCapacity", 500),
    shortage(kInsufficientHostCapacity, "InsufficientHostCapacity", 500),
    shortage(kInsufficientReservedInstanceCapacity, "InsufficientReservedInstanceCapacity", 500),
    shortage(kInsufficientVolumeCapacity, "InsufficientVolumeCapacity", 500),
    shortage(kInsufficientAddressCapacity, "InsufficientAddressCapacity", 500),
    shortage(kInsufficientFreeAddressesInSubnet, "InsufficientFreeAddressesInSubnet", 400),
    shortage(kUnfulfillableCapacity, "UnfulfillableCapacity", 0),
    shortage(kMaxSpotInstanceCountExceeded, "MaxSpotInstanceCountExceeded", 400),
    shortage(kSpotMaxPriceTooLow, "SpotMaxPriceTooLow", 400),
    shortage(kInstanceLimitExceeded, "InstanceLimitExceeded", 400),
    shortage(kVcpuLimitExceeded, "VcpuLimitExceeded", 400),
    shortage(kMaxIopsLimitExceeded, "MaxIOPSLimitExceeded", 400),
    shortage(kVolumeLimitExceeded, "VolumeLimitExceeded", 400),
    shortage(kNetworkInterfaceLimitExceeded, "NetworkInterfaceLimitExceeded", 400),
    shortage(kPrivateIpAddressLimitExceeded, "PrivateIpAddressLimitExceeded", 400),
    shortage(kMaxFleetCountExceeded, "MaxFleetCountExceeded", 400),
    shortage(kReservationCapacityExceeded, "ReservationCapacityExceeded", 400),
    shortage(kUnsupported, "Unsupported", 400),
    throttle(kRequestLimitExceeded, "RequestLimitExceeded", 503),
    throttle(kEc2ThrottledException, "EC2ThrottledException", 503),  // 400 as well
    throttle(kThrottling, "Throttling", 503),                        // 400 as well
    throttle(kThrottlingException, "ThrottlingException", 400),
    throttle(kThrottledException, "ThrottledException", 400),
    throttle(kRequestThrottledException, "RequestThrottledException", 400),
    throttle(kTooManyRequestsException, "TooManyRequestsException", 400),
    throttle(kProvisionedThroughputExceededException, "ProvisionedThroughputExceededException",
             400),
    throttle(kTransactionInProgressException, "TransactionInProgressException", 400),
    throttle(kBandwidthLimitExceeded, "BandwidthLimitExceeded", 400),
    throttle(kLimitExceededException, "LimitExceededException", 400),
    throttle(kRequestThrottled, "RequestThrottled", 400),
    throttle(kSlowDown, "SlowDown", 400),
    throttle(kPriorRequestNotComplete, "PriorRequestNotComplete", 400),
    {kUnavailable, "Unavailable", 503},
    {kServiceUnavailable, "ServiceUnavailable", 503},
    {kInternalError, "InternalError", 500},
    {kInternalFailure, "InternalFailure", 500},
    transient(kRequestTimeout, "RequestTimeout", 400),
    transient(kRequestTimeoutException, "RequestTimeoutException", 400),
    {kUnauthorizedOperation, "UnauthorizedOperation", 403},
    {kAuthFailure, "AuthFailure", 401},
    {kRequestExpired, "RequestExpired", 400},
    {kExpiredToken, "ExpiredToken", 400},
    {kInvalidClientTokenId, "InvalidClientTokenId", 403},
    {kInvalidParameterValue, "InvalidParameterValue", 400},
    {kInvalidParameterCombination, "InvalidParameterCombination", 400},
    {kMissingParameter, "MissingParameter", 400},
    {kUnknownParameter, "UnknownParameter", 400},
    {kValidationError, "ValidationError", 400},
    {kInvalidPaginationToken, "InvalidPaginationToken", 400},
    {kInvalidAmiIdNotFound, "InvalidAMIID.NotFound", 400},
    {kInvalidSubnetIdNotFound, "InvalidSubnetID.NotFound", 400},
    {kInvalidGroupNotFound, "InvalidGroup.NotFound", 400},
    {kInvalidKeyPairNotFound, "InvalidKeyPair.NotFound", 400},
    {kInvalidLaunchTemplateNameNotFound, "InvalidLaunchTemplateName.NotFoundException", 400},
    {kInvalidUserDataMalformed, "InvalidUserData.Malformed", 400},
    {kInvalidInstanceIdNotFound, "InvalidInstanceID.NotFound", 400},
    {kInvalidInstanceIdMalformed, "InvalidInstanceID.Malformed", 400},
    {kInvalidId, "InvalidID", 400},
    {kInvalidInstanceType, "InvalidInstanceType", 400},
    {kFilterLimitExceeded, "FilterLimitExceeded", 400},
    {kTagLimitExceeded, "TagLimitExceeded", 400},
    {kIncorrectInstanceState, "IncorrectInstanceState", 400},
    {kIncorrectState, "IncorrectState", 400},
    {kUnsupportedOperation, "UnsupportedOperation", 400},
    {kUnsupportedHibernationConfiguration, "UnsupportedHibernationConfiguration", 400},
    {kIdempotentParameterMismatch, "IdempotentParameterMismatch", 400},
    {kIdempotentInstanceTerminated, "IdempotentInstanceTerminated", 400},
    {kConcurrentTagAccess, "ConcurrentTagAccess", 400},
    {kOperationNotPermitted, "OperationNotPermitted", 400},
    {kDryRunOperation, "DryRunOperation", 412},
    {kMissingAction, "MissingAction", 400},
    {kInvalidAction, "InvalidAction", 400},
    {kNoSuchVersion, "NoSuchVersion", 400},
    {kMalformedQueryString, "MalformedQueryString", 400},
    {kMissingAuthenticationToken, "MissingAuthenticationToken", 403},
    {kIncompleteSignature, "IncompleteSignature", 400},
};

constexpr bool is_in_order_of_enum() {
  std::size_t i = 0;
  for (const ErrorCodeInfo& row : kTable) {
    if (row.code != static_cast<ErrorCode>(i++)) return false;
  }
  return i == static_cast<std::size_t>(kIncompleteSignature) + 1;
}

static_assert(is_in_order_of_enum());

}  // namespace

std::span<const ErrorCodeInfo> error_codes() { return kTable; }

const ErrorCodeInfo& info_of(ErrorCode code) { return kTable[static_cast<std::size_t>(code)]; }

std::string_view name_of(ErrorCode code) { return info_of(code).text; }

std::optional<ErrorCode> error_code_named(std::string_view text) {
  const auto* row = std::ranges::find(kTable, text, &ErrorCodeInfo::text);
  if (row == std::end(kTable)) return std::nullopt;
  return row->code;
}

std::vector<std::pair<ErrorCode, std::string_view>> enum_names(ErrorCode) {
  std::vector<std::pair<ErrorCode, std::string_view>> names;
  for (const ErrorCodeInfo& row : kTable) names.emplace_back(row.code, row.text);
  return names;
}

ReplyCode ReplyCode::parse(std::string_view text) {
  ReplyCode code;
  code.known_ = error_code_named(text);
  if (!code.known_) code.other_ = text;
  return code;
}

std::string_view ReplyCode::text() const { return known_ ? name_of(*known_) : other_; }

}  // namespace casim::ec2
