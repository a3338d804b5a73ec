#include "sim/ec2_face/rest_machines.h"

#include <openssl/evp.h>

#include <utility>

#include <fmt/format.h>

#include "src/config/config.h"

namespace casim::sim {
namespace {

std::string encode_base64(const std::string& text) {
  std::string out((text.size() + 2) / 3 * 4 + 1, '\0');  // and the zero that ends it
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

ec2::IamInstanceProfile profile_of(std::string name_or_arn) {
  if (name_or_arn.starts_with("arn:")) return {.arn = std::move(name_or_arn)};
  return {.name = std::move(name_or_arn)};
}

}  // namespace

void describe(config::Visitor& v, NewMachine& m) {
  v.required("instanceType", m.instance_type, "type of the machine: m6i.large",
             config::not_blank());
  v.required("imageId", m.image_id, "what it boots: ami-1", config::not_blank());
  v.field("zone", m.zone, "availability zone; empty: EC2 chooses");
  v.field("subnetId", m.subnet_id, "subnet, which fixes the zone, too");
  v.field("lifecycle", m.lifecycle, "how it is bought");
  v.field("clientToken", m.client_token,
          "what makes a request that is sent again the same one, at most 64 ASCII characters; the "
          "header Idempotency-Key says the same");
  v.field("tags", m.tags, "tags, by key");
  v.field("userData", m.user_data, "what it runs at its first boot, as plain text");
  v.field("keyName", m.key_name, "name of the SSH key");
  v.field("securityGroupIds", m.security_group_ids, "security groups");
  v.field("iamInstanceProfile", m.iam_instance_profile, "name or ARN of the instance profile");
}

void describe(config::Visitor& v, MachineChange& c) {
  v.required("tags", c.tags, "tags to set, by key; others stay as they are",
             config::at_least_one());
}

void describe(config::Visitor& v, RestStateReason& r) {
  v.required("code", r.code, "Server.InternalError; empty: there is none");
  v.required("message", r.message, "the same in words");
}

void describe(config::Visitor& v, RestMachine& m) {
  v.required("id", m.id, "instance id");
  v.required("state", m.state,
             "where it is in its life: pending, running, stopping, stopped, shutting-down, "
             "terminated");
  v.required("stateReason", m.state_reason, "why it is there");
  v.required("instanceType", m.instance_type, "type of the machine");
  v.required("zone", m.zone, "availability zone");
  v.required("lifecycle", m.lifecycle, "how it is bought");
  v.required("imageId", m.image_id, "what it boots");
  v.required("subnetId", m.subnet_id, "subnet; empty once it is terminated");
  v.required("privateIpAddress", m.private_ip_address, "address; empty once it is terminated");
  v.required("providerId", m.provider_id, "as the node of the machine has it");
  v.required("clientToken", m.client_token, "that it was made with; empty: none");
  v.required("launchTime", m.launch_time, "when it was launched");
  v.required("tags", m.tags, "tags, by key");
}

void describe(config::Visitor& v, RestMachineList& l) {
  v.required("machines", l.machines, "those that match");
  v.required("nextToken", l.next_token, "of the next page; empty: this is the last one");
}

void describe(config::Visitor& v, RemovedMachine& m) {
  v.required("id", m.id, "instance id");
  v.required("state", m.state, "where it is now");
  v.required("previousState", m.previous_state, "where it was");
}

void describe(config::Visitor& v, RestErrorDetail& d) {
  v.required("code", d.code, "EC2's own code: InsufficientInstanceCapacity");
  v.required("message", d.message, "the same in words");
  v.required("requestId", d.request_id, "of this request");
}

void describe(config::Visitor& v, RestError& e) { v.required("error", e.error, "what went wrong"); }

ec2::RunInstancesRequest run_request(NewMachine machine) {
  ec2::RunInstancesRequest request;
  request.instance_type = std::move(machine.instance_type);
  request.image_id = std::move(machine.image_id);
  request.zone = std::move(machine.zone);
  request.subnet_id = std::move(machine.subnet_id);
  request.lifecycle = machine.lifecycle;
  request.client_token = std::move(machine.client_token);
  request.tags = tags_of(machine.tags);
  if (!machine.user_data.empty()) request.user_data = encode_base64(machine.user_data);
  request.key_name = std::move(machine.key_name);
  request.security_group_ids = std::move(machine.security_group_ids);
  request.iam_instance_profile = profile_of(std::move(machine.iam_instance_profile));
  return request;
}

std::vector<ec2::Tag> tags_of(const TagMap& tags) {
  std::vector<ec2::Tag> result;
  for (const auto& [key, value] : tags) result.push_back({key, value});
  return result;
}

RestMachine machine_of(const ec2::Instance& instance) {
  RestMachine machine{.id = instance.id,
                      .state = std::string(ec2::name_of(instance.state)),
                      .state_reason = {instance.state_reason_code, instance.state_reason_message},
                      .instance_type = instance.type,
                      .zone = instance.zone,
                      .lifecycle = instance.lifecycle,
                      .image_id = instance.image_id,
                      .subnet_id = instance.subnet_id,
                      .private_ip_address = instance.private_ip_address,
                      .provider_id = fmt::format("aws:///{}/{}", instance.zone, instance.id),
                      .client_token = instance.client_token,
                      .launch_time = config::write_wall_time(instance.launch_time),
                      .tags = {}};
  for (const ec2::Tag& tag : instance.tags) machine.tags.emplace(tag.key, tag.value);
  return machine;
}

}  // namespace casim::sim
