// EC2 over HTTPS: one call is one attempt, signed with the keys of the moment. What fails is told
// as the retry code knows it; nothing is tried again here, with one exception: a request that EC2
// refused for its keys had no effect, so it is signed once more where the source has other keys by
// then. Source: ec2.md 1.1, 1.6, 2, 9.
#pragma once

#include <string>
#include <string_view>

#include "src/core/clock.h"
#include "src/ec2/api.h"
#include "src/ec2/credentials/credentials.h"
#include "src/http/client.h"

namespace casim::ec2 {

// "https://ec2.us-east-1.amazonaws.com", as the Region's part of AWS has it.
std::string endpoint_of(std::string_view region);

// One attempt, for whoever watches.
struct AttemptSeen {
  Action action;
  std::string outcome;     // ec2::reason_of; empty: it succeeded
  std::string message;     // of an error
  std::string request_id;  // EC2's own; empty: no reply said one
  Duration took;
};

// Told after the fact; never blocks, never fails.
class AttemptObserver {
 public:
  virtual ~AttemptObserver() = default;

  virtual void on_attempt(const AttemptSeen&) {}
};

class HttpApi final : public Api {
 public:
  struct Ports {  // all outlive it
    Clock& clock;
    http::Client& client;
    CredentialSource& credentials;
    AttemptObserver& observer;
  };

  HttpApi(std::string region, Ports ports) : region_(std::move(region)), ports_(ports) {}

  Awaitable<Attempt<AnyReply>> call(AnyRequest request) override;

 private:
  Awaitable<Attempt<AnyReply>> attempt(Action action, std::string body, Credentials keys);
  http::ClientRequest sign_request(std::string body, const Credentials& keys) const;
  Attempt<AnyReply> read_reply(Action action, const http::ClientReply& reply);

  std::string region_;
  Ports ports_;
  Duration clock_offset_{};  // of EC2's clock from ours, once it has refused our time
};

}  // namespace casim::ec2
