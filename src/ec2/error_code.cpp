#include "src/ec2/error_code.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace casim::ec2 {
namespace {

using enum ErrorCode;
using enum SdkRetry;

constexpr ErrorCodeInfo kTable[] = {
    {kInsufficientInstanceCapacity, "InsufficientInstanceCapacity", 500},
    {kInsufficientCapacity, "InsufficientCapacity", 500},
    {kInsufficientHostCapacity, "InsufficientHostCapacity", 500},
    {kInsufficientReservedInstanceCapacity, "InsufficientReservedInstanceCapacity", 500},
    {kInsufficientVolumeCapacity, "InsufficientVolumeCapacity", 500},
    {kInsufficientAddressCapacity, "InsufficientAddressCapacity", 500},
    {kInsufficientFreeAddressesInSubnet, "InsufficientFreeAddressesInSubnet", 400},
    {kUnfulfillableCapacity, "UnfulfillableCapacity", 0},
    {kMaxSpotInstanceCountExceeded, "MaxSpotInstanceCountExceeded", 400},
    {kSpotMaxPriceTooLow, "SpotMaxPriceTooLow", 400},
    {kInstanceLimitExceeded, "InstanceLimitExceeded", 400},
    {kVcpuLimitExceeded, "VcpuLimitExceeded", 400},
    {kMaxIopsLimitExceeded, "MaxIOPSLimitExceeded", 400},
    {kVolumeLimitExceeded, "VolumeLimitExceeded", 400},
    {kNetworkInterfaceLimitExceeded, "NetworkInterfaceLimitExceeded", 400},
    {kPrivateIpAddressLimitExceeded, "PrivateIpAddressLimitExceeded", 400},
    {kMaxFleetCountExceeded, "MaxFleetCountExceeded", 400},
    {kReservationCapacityExceeded, "ReservationCapacityExceeded", 400},
    {kUnsupported, "Unsupported", 400},
    {kRequestLimitExceeded, "RequestLimitExceeded", 503, kThrottle},
    {kEc2ThrottledException, "EC2ThrottledException", 503, kThrottle},  // 400 as well
    {kThrottling, "Throttling", 503, kThrottle},                        // 400 as well
    {kThrottlingException, "ThrottlingException", 400, kThrottle},
    {kThrottledException, "ThrottledException", 400, kThrottle},
    {kRequestThrottledException, "RequestThrottledException", 400, kThrottle},
    {kTooManyRequestsException, "TooManyRequestsException", 400, kThrottle},
    {kProvisionedThroughputExceededException, "ProvisionedThroughputExceededException", 400,
     kThrottle},
    {kTransactionInProgressException, "TransactionInProgressException", 400, kThrottle},
    {kBandwidthLimitExceeded, "BandwidthLimitExceeded", 400, kThrottle},
    {kLimitExceededException, "LimitExceededException", 400, kThrottle},
    {kRequestThrottled, "RequestThrottled", 400, kThrottle},
    {kSlowDown, "SlowDown", 400, kThrottle},
    {kPriorRequestNotComplete, "PriorRequestNotComplete", 400, kThrottle},
    {kUnavailable, "Unavailable", 503},
    {kServiceUnavailable, "ServiceUnavailable", 503},
    {kInternalError, "InternalError", 500},
    {kInternalFailure, "InternalFailure", 500},
    {kRequestTimeout, "RequestTimeout", 400, kTransient},
    {kRequestTimeoutException, "RequestTimeoutException", 400, kTransient},
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
    {kIncorrectInstanceState, "IncorrectInstanceState", 400},
    {kIncorrectState, "IncorrectState", 400},
    {kIdempotentParameterMismatch, "IdempotentParameterMismatch", 400},
    {kIdempotentInstanceTerminated, "IdempotentInstanceTerminated", 400},
    {kConcurrentTagAccess, "ConcurrentTagAccess", 400},
    {kOperationNotPermitted, "OperationNotPermitted", 400},
    {kDryRunOperation, "DryRunOperation", 412},
};

constexpr bool is_in_order_of_enum() {
  std::size_t i = 0;
  for (const ErrorCodeInfo& row : kTable) {
    if (row.code != static_cast<ErrorCode>(i++)) return false;
  }
  return i == static_cast<std::size_t>(kDryRunOperation) + 1;
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

ReplyCode ReplyCode::parse(std::string_view text) {
  ReplyCode code;
  code.known_ = error_code_named(text);
  if (!code.known_) code.other_ = text;
  return code;
}

std::string_view ReplyCode::text() const { return known_ ? name_of(*known_) : other_; }

}  // namespace casim::ec2
