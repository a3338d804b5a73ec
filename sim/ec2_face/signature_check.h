// Who calls: what the mock makes of a request's signature. Stamps are compared with real time, and
// the headers that are signed are those that the client says. Source: ec2.md 1.6, 9.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/time.h"
#include "src/ec2/attempt.h"
#include "src/http/message.h"

namespace casim::sim {

enum class SignatureMode : std::uint8_t {
  kOff,     // nobody looks
  kParse,   // there must be one, of the right form
  kVerify,  // and it must be that of known credentials, and of now
};

std::vector<std::pair<SignatureMode, std::string_view>> enum_names(SignatureMode);

struct KnownCredentials {
  std::string access_key_id;
  std::string secret;
  std::string session_token = {};  // of temporary ones; empty: they are not
};

// Errors: MissingAuthenticationToken, IncompleteSignature, AuthFailure, RequestExpired.
class SignatureCheck {
 public:
  SignatureCheck(SignatureMode mode, std::vector<KnownCredentials> known)
      : mode_(mode), known_(std::move(known)) {}

  ec2::Attempt<void> check(const http::Request& request, WallTime real_now) const;

 private:
  SignatureMode mode_;
  std::vector<KnownCredentials> known_;
};

}  // namespace casim::sim
