#include "src/ec2/error_code.h"

#include <set>

#include "src/ec2/attempt.h"
#include "tests/catch.h"

using namespace casim::ec2;

// Rows of ec2.md section 2: S (transient by a 5xx) is a status, T (throttle) a matter of the name.
TEST_CASE("codes have the status, retry and class of the catalogue", "[ec2]") {
  struct Row {
    const char* text;
    int status;
    SdkRetry retry;
    bool is_shortage;
  };

  const auto row = GENERATE(values<Row>({
      {"InsufficientInstanceCapacity", 500, SdkRetry::kByStatus, true},
      {"InsufficientCapacity", 500, SdkRetry::kByStatus, true},
      {"InsufficientHostCapacity", 500, SdkRetry::kByStatus, true},
      {"InsufficientReservedInstanceCapacity", 500, SdkRetry::kByStatus, true},
      {"InsufficientVolumeCapacity", 500, SdkRetry::kByStatus, true},
      {"InsufficientAddressCapacity", 500, SdkRetry::kByStatus, true},
      {"InsufficientFreeAddressesInSubnet", 400, SdkRetry::kByStatus, true},
      {"UnfulfillableCapacity", 0, SdkRetry::kByStatus, true},
      {"MaxSpotInstanceCountExceeded", 400, SdkRetry::kByStatus, true},
      {"SpotMaxPriceTooLow", 400, SdkRetry::kByStatus, true},
      {"InstanceLimitExceeded", 400, SdkRetry::kByStatus, true},
      {"VcpuLimitExceeded", 400, SdkRetry::kByStatus, true},
      {"MaxIOPSLimitExceeded", 400, SdkRetry::kByStatus, true},
      {"VolumeLimitExceeded", 400, SdkRetry::kByStatus, true},
      {"NetworkInterfaceLimitExceeded", 400, SdkRetry::kByStatus, true},
      {"PrivateIpAddressLimitExceeded", 400, SdkRetry::kByStatus, true},
      {"MaxFleetCountExceeded", 400, SdkRetry::kByStatus, true},
      {"ReservationCapacityExceeded", 400, SdkRetry::kByStatus, true},
      {"Unsupported", 400, SdkRetry::kByStatus, true},
      {"RequestLimitExceeded", 503, SdkRetry::kThrottle, false},
      {"EC2ThrottledException", 503, SdkRetry::kThrottle, false},
      {"Throttling", 503, SdkRetry::kThrottle, false},
      {"Unavailable", 503, SdkRetry::kByStatus, false},
      {"ServiceUnavailable", 503, SdkRetry::kByStatus, false},
      {"InternalError", 500, SdkRetry::kByStatus, false},
      {"InternalFailure", 500, SdkRetry::kByStatus, false},
      {"UnauthorizedOperation", 403, SdkRetry::kByStatus, false},
      {"AuthFailure", 401, SdkRetry::kByStatus, false},
      {"RequestExpired", 400, SdkRetry::kByStatus, false},
      {"ExpiredToken", 400, SdkRetry::kByStatus, false},
      {"InvalidClientTokenId", 403, SdkRetry::kByStatus, false},
      {"InvalidParameterValue", 400, SdkRetry::kByStatus, false},
      {"InvalidParameterCombination", 400, SdkRetry::kByStatus, false},
      {"MissingParameter", 400, SdkRetry::kByStatus, false},
      {"UnknownParameter", 400, SdkRetry::kByStatus, false},
      {"ValidationError", 400, SdkRetry::kByStatus, false},
      {"InvalidAMIID.NotFound", 400, SdkRetry::kByStatus, false},
      {"InvalidSubnetID.NotFound", 400, SdkRetry::kByStatus, false},
      {"InvalidGroup.NotFound", 400, SdkRetry::kByStatus, false},
      {"InvalidKeyPair.NotFound", 400, SdkRetry::kByStatus, false},
      {"InvalidLaunchTemplateName.NotFoundException", 400, SdkRetry::kByStatus, false},
      {"InvalidUserData.Malformed", 400, SdkRetry::kByStatus, false},
      {"InvalidInstanceID.NotFound", 400, SdkRetry::kByStatus, false},
      {"InvalidInstanceID.Malformed", 400, SdkRetry::kByStatus, false},
      {"InvalidPaginationToken", 400, SdkRetry::kByStatus, false},
      {"InvalidID", 400, SdkRetry::kByStatus, false},
      {"InvalidInstanceType", 400, SdkRetry::kByStatus, false},
      {"FilterLimitExceeded", 400, SdkRetry::kByStatus, false},
      {"TagLimitExceeded", 400, SdkRetry::kByStatus, false},
      {"UnsupportedOperation", 400, SdkRetry::kByStatus, false},
      {"UnsupportedHibernationConfiguration", 400, SdkRetry::kByStatus, false},
      {"IncorrectInstanceState", 400, SdkRetry::kByStatus, false},
      {"IncorrectState", 400, SdkRetry::kByStatus, false},
      {"IdempotentParameterMismatch", 400, SdkRetry::kByStatus, false},
      {"IdempotentInstanceTerminated", 400, SdkRetry::kByStatus, false},
      {"ConcurrentTagAccess", 400, SdkRetry::kByStatus, false},
      {"OperationNotPermitted", 400, SdkRetry::kByStatus, false},
      {"DryRunOperation", 412, SdkRetry::kByStatus, false},
  }));
  CAPTURE(row.text);
  const std::optional<ErrorCode> code = error_code_named(row.text);
  REQUIRE(code);
  CHECK(info_of(*code).http_status == row.status);
  CHECK(info_of(*code).retry == row.retry);
  CHECK(info_of(*code).is_shortage == row.is_shortage);
}

TEST_CASE("SDKs retry these codes by name: section 4.1", "[ec2]") {
  std::set<std::string_view> throttle;
  std::set<std::string_view> transient;
  for (const ErrorCodeInfo& row : error_codes()) {
    if (row.retry == SdkRetry::kThrottle) throttle.insert(row.text);
    if (row.retry == SdkRetry::kTransient) transient.insert(row.text);
  }
  CHECK(throttle == std::set<std::string_view>{
                        "Throttling", "ThrottlingException", "ThrottledException",
                        "RequestThrottledException", "TooManyRequestsException",
                        "ProvisionedThroughputExceededException", "TransactionInProgressException",
                        "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException",
                        "RequestThrottled", "SlowDown", "PriorRequestNotComplete",
                        "EC2ThrottledException"});
  CHECK(transient == std::set<std::string_view>{"RequestTimeout", "RequestTimeoutException"});
}

TEST_CASE("every code is read as it is written", "[ec2]") {
  std::set<std::string_view> texts;
  for (const ErrorCodeInfo& row : error_codes()) {
    CAPTURE(row.text);
    CHECK(texts.insert(row.text).second);
    CHECK(error_code_named(row.text) == row.code);
    CHECK(name_of(row.code) == row.text);
    CHECK(ReplyCode::parse(row.text) == row.code);
  }
}

TEST_CASE("a code that the table does not know survives as text", "[ec2]") {
  const ReplyCode code = ReplyCode::parse("InvalidHibernation.Odd");
  CHECK_FALSE(code.known());
  CHECK(code.text() == "InvalidHibernation.Odd");
  CHECK_FALSE(code.empty());
  CHECK_FALSE(code == ErrorCode::kUnsupported);
  CHECK_FALSE(code == ReplyCode());
  CHECK(ReplyCode::parse("").empty());
  CHECK(ReplyCode().empty());
}

TEST_CASE("an error is called by its code, else by what failed below", "[ec2]") {
  CHECK(reason_of(error_reply(ErrorCode::kVcpuLimitExceeded, "")) == "VcpuLimitExceeded");
  CHECK(error_reply(ErrorCode::kVcpuLimitExceeded, "no").message == "no");
  CHECK(error_reply(ErrorCode::kVcpuLimitExceeded, "").http_status == 400);
  CHECK(reason_of(no_reply(Fault::kReset)) == "ConnectionReset");
  CHECK(reason_of(no_reply(Fault::kConnectTimeout)) == "ConnectTimeout");
  CHECK(reason_of(no_reply(Fault::kReadTimeout)) == "ReadTimeout");
  AttemptError unread;
  unread.http_status = 502;
  CHECK(reason_of(unread) == "Http502");
}
