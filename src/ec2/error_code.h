// Error codes of the EC2 API with their codec: the one table that says how AWS writes a code, with
// which HTTP status EC2 sends it, whether SDKs retry it by its name, and whether it means that a
// pool has no machine to give. Source: ec2.md section 2 (codes, status, class), 1.4 (a malformed
// id, a bad page token), 4.1 (codes that SDKs know of all AWS services; their status is assumed).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace casim::ec2 {

enum class ErrorCode : std::uint8_t {
  // Capacity, quota, and what no retry in the same pool would cure soon.
  kInsufficientInstanceCapacity,
  kInsufficientCapacity,
  kInsufficientHostCapacity,
  kInsufficientReservedInstanceCapacity,
  kInsufficientVolumeCapacity,
  kInsufficientAddressCapacity,
  kInsufficientFreeAddressesInSubnet,
  kUnfulfillableCapacity,
  kMaxSpotInstanceCountExceeded,
  kSpotMaxPriceTooLow,
  kInstanceLimitExceeded,
  kVcpuLimitExceeded,
  kMaxIopsLimitExceeded,
  kVolumeLimitExceeded,
  kNetworkInterfaceLimitExceeded,
  kPrivateIpAddressLimitExceeded,
  kMaxFleetCountExceeded,
  kReservationCapacityExceeded,
  kUnsupported,
  // Throttling.
  kRequestLimitExceeded,
  kEc2ThrottledException,
  kThrottling,
  kThrottlingException,
  kThrottledException,
  kRequestThrottledException,
  kTooManyRequestsException,
  kProvisionedThroughputExceededException,
  kTransactionInProgressException,
  kBandwidthLimitExceeded,
  kLimitExceededException,
  kRequestThrottled,
  kSlowDown,
  kPriorRequestNotComplete,
  // Faults of the service.
  kUnavailable,
  kServiceUnavailable,
  kInternalError,
  kInternalFailure,
  kRequestTimeout,
  kRequestTimeoutException,
  // Who asks.
  kUnauthorizedOperation,
  kAuthFailure,
  kRequestExpired,
  kExpiredToken,
  kInvalidClientTokenId,
  // What is asked.
  kInvalidParameterValue,
  kInvalidParameterCombination,
  kMissingParameter,
  kUnknownParameter,
  kValidationError,
  kInvalidPaginationToken,
  kInvalidAmiIdNotFound,
  kInvalidSubnetIdNotFound,
  kInvalidGroupNotFound,
  kInvalidKeyPairNotFound,
  kInvalidLaunchTemplateNameNotFound,
  kInvalidUserDataMalformed,
  kInvalidInstanceIdNotFound,
  kInvalidInstanceIdMalformed,
  kInvalidId,
  kInvalidInstanceType,
  kFilterLimitExceeded,
  kTagLimitExceeded,
  // The state that the request meets.
  kIncorrectInstanceState,
  kIncorrectState,
  kUnsupportedOperation,
  kUnsupportedHibernationConfiguration,
  kIdempotentParameterMismatch,
  kIdempotentInstanceTerminated,
  kConcurrentTagAccess,
  kOperationNotPermitted,
  kDryRunOperation,
  // The form of the request, before anybody looks at what it asks.
  kMissingAction,
  kInvalidAction,
  kNoSuchVersion,
  kMalformedQueryString,
  kMissingAuthenticationToken,
  kIncompleteSignature,
};

// What the standard retry mode of the SDKs does about a code (ec2.md 4.1).
enum class SdkRetry : std::uint8_t {
  kByStatus,   // nothing by its name: transient with a 5xx, else final
  kTransient,  // retried whatever the status
  kThrottle,   // retried as throttling whatever the status
};

// One row of the table.
struct ErrorCodeInfo {
  ErrorCode code;
  std::string_view text;  // "InvalidInstanceID.NotFound", as AWS writes it
  int http_status;        // of a reply; 0: only in the errorSet of a fleet
  SdkRetry retry = SdkRetry::kByStatus;
  bool is_shortage = false;  // no capacity, quota or offer here: another pool may have it
};

std::span<const ErrorCodeInfo> error_codes();  // the whole table, in the order of the enum
const ErrorCodeInfo& info_of(ErrorCode code);
std::string_view name_of(ErrorCode code);
std::optional<ErrorCode> error_code_named(std::string_view text);  // none: not in the table

// All of them with their names: how a configuration spells them.
std::vector<std::pair<ErrorCode, std::string_view>> enum_names(ErrorCode);

// The code of an error reply: one of the table, any other text that EC2 may send, or none at all
// (a reply without an XML body, no reply).
class ReplyCode {
 public:
  ReplyCode() = default;

  ReplyCode(ErrorCode code) : known_(code) {}  // NOLINT: a code is one

  static ReplyCode parse(std::string_view text);

  std::optional<ErrorCode> known() const { return known_; }

  std::string_view text() const;  // as AWS writes it; empty when there is none

  bool empty() const { return text().empty(); }

  bool operator==(const ReplyCode&) const = default;

 private:
  std::optional<ErrorCode> known_;
  std::string other_;  // empty when known
};

}  // namespace casim::ec2
