// The call behind a recorded request, out of the text that the recording has of it: an SDK's
// operation with its input as JSON, or a command line of the AWS CLI.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace casim::oracle {

struct ClientCall {
  std::string action;  // "RunInstances"
  // In EC2's own names, reduced to what casim has a member for; what it has none for is counted.
  nlohmann::json input;
  int others = 0;
  bool is_later_page = false;
};

// `client`: "boto3", "awscli" or "aws-sdk-go-v2". Throws std::runtime_error where the text is none.
ClientCall read_client_call(const std::string& client, const std::string& text);

}  // namespace casim::oracle
