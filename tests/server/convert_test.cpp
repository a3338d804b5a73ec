#include "src/server/convert.h"

#include <cstdint>
#include <limits>

#include "tests/catch.h"

namespace casim::server {

TEST_CASE("codes keep their numbers on the wire", "[server]") {
  for (int code = 1; code <= 16; ++code) {
    CHECK(static_cast<int>(status_code_of(static_cast<ErrorCode>(code))) == code);
  }
  CHECK(status_code_of(ErrorCode::kConflict) == grpc::StatusCode::ABORTED);
}

TEST_CASE("options carry their durations in both forms", "[server]") {
  provider::GroupOptions options;
  options.scale_down_unneeded_time = std::chrono::milliseconds(90'500);
  options.scale_down_unready_time = std::chrono::seconds(7);
  options.max_node_provision_time = std::chrono::minutes(15);
  pb::NodeGroupAutoscalingOptions out;
  write_options(options, out);
  CHECK(out.scaledownunneededtime().duration() == 90'500'000'000);
  CHECK(out.scaledownunneededduration().seconds() == 90);
  CHECK(out.scaledownunneededduration().nanos() == 500'000'000);
  CHECK(out.scaledownunreadytime().duration() == 7'000'000'000);
  CHECK(out.scaledownunreadyduration().seconds() == 7);
  CHECK(out.maxnodeprovisiontime().duration() == 900'000'000'000);
  CHECK(out.maxnodeprovisionduration().seconds() == 900);
}

TEST_CASE("times are read from the newer fields, else from the older ones", "[server]") {
  pb::PricingNodePriceRequest request;
  CHECK(span_of(request).start == WallTime());
  request.mutable_starttime()->set_seconds(10);
  request.mutable_endtime()->set_seconds(20);
  CHECK(span_of(request).start == WallTime(std::chrono::seconds(10)));
  CHECK(span_of(request).end == WallTime(std::chrono::seconds(20)));
  request.mutable_starttimestamp()->set_seconds(11);
  request.mutable_starttimestamp()->set_nanos(5);
  CHECK(span_of(request).start == WallTime(std::chrono::nanoseconds(11'000'000'005)));
  CHECK(span_of(request).end == WallTime(std::chrono::seconds(20)));
}

TEST_CASE("times that no clock holds are cut, and two of them have a difference", "[server]") {
  pb::PricingNodePriceRequest request;
  request.mutable_starttimestamp()->set_seconds(std::numeric_limits<std::int64_t>::min());
  request.mutable_starttimestamp()->set_nanos(std::numeric_limits<std::int32_t>::min());
  request.mutable_endtimestamp()->set_seconds(std::numeric_limits<std::int64_t>::max());
  request.mutable_endtimestamp()->set_nanos(std::numeric_limits<std::int32_t>::max());
  const TimeSpan span = span_of(request);
  CHECK(span.start < WallTime());
  CHECK(span.end > WallTime());
  CHECK(span.end - span.start > std::chrono::hours(24 * 365 * 290));
}

TEST_CASE("a message field and a bytes field look the same on the wire", "[server]") {
  pb::NodeGroupTemplateNodeInfoResponse reply;
  reply.set_nodeinfo("abc");
  reply.set_nodebytes("abc");
  const std::string expected = {0x0a, 3, 'a', 'b', 'c', 0x12, 3, 'a', 'b', 'c'};
  CHECK(reply.SerializeAsString() == expected);
}

TEST_CASE("delta is field 1 and id field 2, and negative deltas are plain varints", "[server]") {
  pb::NodeGroupDecreaseTargetSizeRequest request;
  request.set_delta(-1);
  request.set_id("g");
  const std::string expected =
      "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"
      "\x12\x01g";
  CHECK(request.SerializeAsString() == expected);
}

}  // namespace casim::server
