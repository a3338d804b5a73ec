#include "src/server/convert.h"

#include <algorithm>

namespace casim::server {
namespace {

// The wire can name any second; a time here is between 1824 and 2116, so that two of them have a
// difference.
constexpr std::int64_t kLastSecond = std::int64_t{146} * 365 * 24 * 3600;

template <class Stamp>  // MetaTime and Timestamp have the same fields
WallTime wall_time_of(const Stamp& stamp) {
  const std::int64_t seconds = std::clamp<std::int64_t>(stamp.seconds(), -kLastSecond, kLastSecond);
  return WallTime(std::chrono::seconds(seconds) + std::chrono::nanoseconds(stamp.nanos()));
}

template <class Request>
TimeSpan span_of_request(const Request& request) {
  TimeSpan span;
  if (request.has_starttimestamp()) {
    span.start = wall_time_of(request.starttimestamp());
  } else if (request.has_starttime()) {
    span.start = wall_time_of(request.starttime());
  }
  if (request.has_endtimestamp()) {
    span.end = wall_time_of(request.endtimestamp());
  } else if (request.has_endtime()) {
    span.end = wall_time_of(request.endtime());
  }
  return span;
}

void write_duration(Duration d, pb::MetaDuration& older, google::protobuf::Duration& newer) {
  older.set_duration(d.count());
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(d);
  newer.set_seconds(whole.count());
  newer.set_nanos(static_cast<std::int32_t>((d - whole).count()));
}

}  // namespace

grpc::StatusCode status_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kCancelled:
    case ErrorCode::kUnknown:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kNotFound:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kResourceExhausted:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kAborted:
    case ErrorCode::kOutOfRange:
    case ErrorCode::kUnimplemented:
    case ErrorCode::kInternal:
    case ErrorCode::kUnavailable:
    case ErrorCode::kDataLoss:
    case ErrorCode::kUnauthenticated:
      return static_cast<grpc::StatusCode>(code);
    case ErrorCode::kConflict:
      return grpc::StatusCode::ABORTED;
  }
  return grpc::StatusCode::UNKNOWN;
}

// A message travels as a header, and clients refuse more than 8 KiB of those: a request that names
// something very long would be answered with another code than ours.
grpc::Status to_status(const Error& error) {
  constexpr std::size_t kLongest = 1000;
  if (error.message.size() <= kLongest) return {status_code_of(error.code), error.message};
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(error.message[end]) & 0xc0) == 0x80) --end;
  return {status_code_of(error.code), error.message.substr(0, end) + "..."};
}

provider::NodeRef to_node_ref(const pb::ExternalGrpcNode& node) {
  provider::NodeRef ref = name_of_node(node);
  ref.labels.insert(node.labels().begin(), node.labels().end());
  ref.annotations.insert(node.annotations().begin(), node.annotations().end());
  return ref;
}

provider::NodeRef name_of_node(const pb::ExternalGrpcNode& node) {
  provider::NodeRef ref;
  ref.provider_id = node.providerid();
  ref.name = node.name();
  return ref;
}

void write_group(const provider::GroupConfig& group, pb::NodeGroup& out) {
  out.set_id(group.id);
  out.set_minsize(group.min_size);
  out.set_maxsize(group.max_size);
}

void write_instance(const provider::Instance& instance, pb::Instance& out) {
  out.set_id(instance.id);
  pb::InstanceStatus& status = *out.mutable_status();
  // A cast, as the client does it: the numbers are the contract's.
  status.set_instancestate(static_cast<pb::InstanceStatus::InstanceState>(instance.state));
  if (!instance.failure) return;
  pb::InstanceErrorInfo& info = *status.mutable_errorinfo();
  info.set_errorcode(instance.failure->code);
  info.set_errormessage(instance.failure->message);
  info.set_instanceerrorclass(instance.failure->error_class);
}

void write_options(const provider::GroupOptions& options, pb::NodeGroupAutoscalingOptions& out) {
  out.set_scaledownutilizationthreshold(options.scale_down_utilization_threshold);
  out.set_scaledowngpuutilizationthreshold(options.scale_down_gpu_utilization_threshold);
  out.set_zeroormaxnodescaling(options.zero_or_max_node_scaling);
  out.set_ignoredaemonsetsutilization(options.ignore_daemonsets_utilization);
  write_duration(options.scale_down_unneeded_time, *out.mutable_scaledownunneededtime(),
                 *out.mutable_scaledownunneededduration());
  write_duration(options.scale_down_unready_time, *out.mutable_scaledownunreadytime(),
                 *out.mutable_scaledownunreadyduration());
  write_duration(options.max_node_provision_time, *out.mutable_maxnodeprovisiontime(),
                 *out.mutable_maxnodeprovisionduration());
}

TimeSpan span_of(const pb::PricingNodePriceRequest& request) { return span_of_request(request); }

TimeSpan span_of(const pb::PricingPodPriceRequest& request) { return span_of_request(request); }

}  // namespace casim::server
