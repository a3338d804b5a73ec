// The port to EC2: one call is one attempt on the wire, without retries, which sit above it.
// Implemented by the simulator's Ec2Model and, later, by a signing HTTP client. Source: ec2.md 1.2,
// 1.4, 2.
#pragma once

#include <utility>

#include "src/core/asio.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::ec2 {

// One account in one Region, with the credentials of one caller.
class Api {
 public:
  virtual ~Api() = default;
  // The reply is that of the request's action. A call whose caller is cancelled may have its effect
  // all the same.
  virtual Awaitable<Attempt<AnyReply>> call(AnyRequest request) = 0;
};

// One call with the types of its action. The api outlives it.
template <class Request>
Awaitable<Attempt<typename Request::Reply>> send(Api& api, Request request) {
  AnyRequest any(std::move(request));
  Attempt<AnyReply> answer = co_await api.call(std::move(any));
  if (!answer) co_return std::unexpected<AttemptError>(std::move(answer.error()));
  co_return reply_from<Request>(*std::move(answer));
}

}  // namespace casim::ec2
