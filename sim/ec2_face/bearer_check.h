// Who may call the REST face: whoever sends the bearer token that casim ec2 was started with.
#pragma once

#include <string>
#include <utility>

#include "src/ec2/attempt.h"
#include "src/http/message.h"

namespace casim::sim {

struct RestAccess {
  std::string token = {};        // empty: there is none
  bool is_open_without = false;  // then everybody may call, else nobody
};

class BearerCheck {
 public:
  explicit BearerCheck(RestAccess access) : access_(std::move(access)) {}

  // Errors: MissingAuthenticationToken, AuthFailure.
  ec2::Attempt<void> check(const http::Request& request) const;

 private:
  RestAccess access_;
};

}  // namespace casim::sim
