// Machines as the REST face speaks of them: JSON that is read into requests of EC2 and written from
// its answers. Names are those of EC2's API; user data is plain text, so that who fills in secrets
// by placeholders can do so.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "src/config/visitor.h"
#include "src/core/time.h"
#include "src/ec2/requests.h"
#include "src/ec2/types.h"

namespace casim::sim {

using TagMap = std::map<std::string, std::string>;

// What a machine is made of.
struct NewMachine {
  std::string instance_type;
  std::string image_id;
  std::string zone;
  std::string subnet_id;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  std::string client_token;
  TagMap tags;
  std::string user_data;
  std::string key_name;
  std::vector<std::string> security_group_ids;
  std::string iam_instance_profile;
};

// What can be changed of one that is there.
struct MachineChange {
  TagMap tags;
};

struct RestStateReason {
  std::string code;
  std::string message;
};

// As EC2 describes it.
struct RestMachine {
  std::string id;
  std::string state;
  RestStateReason state_reason;
  std::string instance_type;
  std::string zone;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  std::string image_id;
  std::string subnet_id;
  std::string private_ip_address;
  std::string provider_id;
  std::string client_token;
  std::string launch_time;
  TagMap tags;
};

struct RestMachineList {
  std::vector<RestMachine> machines;
  std::string next_token;
};

struct RemovedMachine {
  std::string id;
  std::string state;
  std::string previous_state;
};

struct RestErrorDetail {
  std::string code;
  std::string message;
  std::string request_id;
};

struct RestError {
  RestErrorDetail error;
};

void describe(config::Visitor& v, NewMachine& m);
void describe(config::Visitor& v, MachineChange& c);
void describe(config::Visitor& v, RestStateReason& r);
void describe(config::Visitor& v, RestMachine& m);
void describe(config::Visitor& v, RestMachineList& l);
void describe(config::Visitor& v, RemovedMachine& m);
void describe(config::Visitor& v, RestErrorDetail& d);
void describe(config::Visitor& v, RestError& e);

ec2::RunInstancesRequest run_request(NewMachine machine);
std::vector<ec2::Tag> tags_of(const TagMap& tags);
RestMachine machine_of(const ec2::Instance& instance);

}  // namespace casim::sim
