// Requests and replies of EC2 from the wire: any bytes are one or are refused, and what was read is
// written so that it is read again.
//   build/fuzz/bin/ec2_query_fuzz CORPUS
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/ec2/query/codec.h"
#include "src/ec2/query/form.h"
#include "tests/fuzz/choices.h"

namespace {

using casim::ec2::query::decode_reply;
using casim::ec2::query::decode_request;
using casim::ec2::query::encode_error;
using casim::ec2::query::encode_reply;
using casim::ec2::query::encode_request;
using casim::fuzz::Choices;

// A form whose parts the input chooses: few bytes reach far.
std::string form_of(Choices choices) {
  constexpr std::string_view kNames[] = {"Action",
                                         "Version",
                                         "MinCount",
                                         "MaxCount",
                                         "InstanceId",
                                         "Filter",
                                         "Name",
                                         "Value",
                                         "TagSpecification",
                                         "Tag",
                                         "Key",
                                         "ResourceType",
                                         "ResourceId",
                                         "NetworkInterface",
                                         "SubnetId",
                                         "SecurityGroupId",
                                         "LaunchTemplateConfigs",
                                         "Overrides",
                                         "LaunchTemplateSpecification",
                                         "Priority",
                                         "TargetCapacitySpecification",
                                         "TotalTargetCapacity",
                                         "Placement",
                                         "AvailabilityZone",
                                         "BlockDeviceMapping",
                                         "Ebs",
                                         "VolumeSize",
                                         "MaxResults",
                                         "DryRun",
                                         "1",
                                         "2",
                                         "10",
                                         "0",
                                         "N",
                                         ""};
  constexpr std::string_view kValues[] = {
      "1", "-1",  "0",   "2147483648", "1e9",  "true",       "false", "instance", "spot",
      "",  "i-1", "%00", "\xC3\xA9",   "\xFF", "2016-11-15", "a.b",   "instant",  " "};
  std::string form = "Version=2016-11-15&Action=";
  form += casim::ec2::kActions[choices.below(casim::ec2::kActionCount)].name;
  while (!choices.is_spent() && form.size() < 2000) {
    form += '&';
    for (std::size_t parts = choices.below(6); parts > 0; --parts) {
      form += kNames[choices.below(std::size(kNames))];
      if (parts > 1) form += '.';
    }
    form += '=';
    form += casim::ec2::query::escape_form(kValues[choices.below(std::size(kValues))]);
  }
  return form;
}

void check_request(std::string_view form) {
  const auto request = decode_request(form);
  if (!request) {
    if (request.error().code.empty() || request.error().http_status < 400) std::abort();
    encode_error(request.error(), "id");
    return;
  }
  const std::string written = encode_request(*request);
  const auto again = decode_request(written);
  if (!again || encode_request(*again) != written) std::abort();
}

void check_reply(std::string_view body) {
  for (const casim::ec2::ActionInfo& action : casim::ec2::kActions) {
    const auto reply = decode_reply(action.action, 200, body);
    if (!reply) continue;
    const std::string written = encode_reply(*reply, "id");
    const auto again = decode_reply(action.action, 200, written);
    if (!again || encode_reply(*again, "id") != written) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_request(bytes);
  check_request(form_of(Choices(bytes)));
  check_reply(bytes);
  return 0;
}
