#include "src/core/result.h"

#include "src/core/grpc_code.h"
#include "src/core/time.h"
#include "tests/catch.h"

namespace casim {
namespace {

TEST_CASE("codes have gRPC's names and numbers", "[core]") {
  CHECK(name_of(ErrorCode::kDeadlineExceeded) == "DEADLINE_EXCEEDED");
  CHECK(name_of(ErrorCode::kResourceExhausted) == "RESOURCE_EXHAUSTED");
  CHECK(static_cast<int>(ErrorCode::kUnauthenticated) == 16);
  CHECK(name_of(ErrorCode::kConflict) == "CONFLICT");
}

TEST_CASE("the outcome of a gRPC call is OK or an error with the same name and number", "[core]") {
  const auto names = enum_names(GrpcCode{});
  REQUIRE(names.size() == 17);
  CHECK(names.front() == std::pair<GrpcCode, std::string_view>(GrpcCode::kOk, "OK"));
  CHECK_FALSE(error_of(GrpcCode::kOk));
  for (std::size_t i = 1; i < names.size(); ++i) {
    const auto& [code, name] = names[i];
    CAPTURE(name);
    CHECK(static_cast<std::size_t>(code) == i);
    REQUIRE(error_of(code));
    CHECK(name_of(*error_of(code)) == name);
  }
  CHECK(error_of(GrpcCode::kUnauthenticated) == ErrorCode::kUnauthenticated);
}

TEST_CASE("a failure carries its code and message", "[core]") {
  const Result<int> result = failure(ErrorCode::kNotFound, "no such group");
  REQUIRE_FALSE(result);
  CHECK(result.error() == Error{ErrorCode::kNotFound, "no such group"});
}

TEST_CASE("object times are cut to the second, before 1970 too", "[core]") {
  using namespace std::chrono_literals;
  CHECK(cut_to_second(WallTime(1999ms)) == WallTime(1s));
  CHECK(cut_to_second(WallTime(2s)) == WallTime(2s));
  CHECK(cut_to_second(WallTime(-1ms)) == WallTime(-1s));
}

}  // namespace
}  // namespace casim
