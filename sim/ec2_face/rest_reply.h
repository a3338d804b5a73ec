// What the REST face answers as an HTTP reply: JSON, whole or cut on its way. EC2's codes are kept,
// with the HTTP status that fits a resource.
#pragma once

#include <optional>
#include <string>

#include "sim/ec2/ec2_model.h"
#include "sim/ec2_face/wire_reply.h"
#include "src/config/value.h"
#include "src/ec2/attempt.h"
#include "src/http/server.h"

namespace casim::sim {

// A document, or why there is none.
struct RestAnswer {
  ec2::Attempt<config::Value> body;
  int status = 200;                            // of a success
  std::optional<ReplyCut> cut = std::nullopt;  // none: it arrives
  std::string location = {};                   // of what was made
  std::string allow = {};                      // the methods that are, where this one is not
};

// The status of an error: EC2 says 400 for what is not there and for what conflicts, and 503 for
// what is throttled.
int rest_status_of(const ec2::AttemptError& error);

http::Reply rest_reply(RestAnswer answer, const ReplyStamp& stamp);

}  // namespace casim::sim
