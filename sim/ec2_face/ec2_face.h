// The EC2 model behind HTTP: what casim ec2 does with a request. A form is decoded, its signature
// judged, the call handed to the model, and what that answers written as EC2 writes it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "sim/ec2/ec2_model.h"
#include "sim/ec2_face/signature_check.h"
#include "sim/ec2_face/wire_reply.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/random.h"
#include "src/http/server.h"

namespace casim::sim {

class Ec2Face {
 public:
  // All references outlive it. `executor`: where work from outside begins, so that the model stands
  // at the time of its arrival.
  Ec2Face(Ec2Model& model, const Random& random, Clock& real, asio::any_io_executor executor,
          SignatureCheck signatures);

  // The face outlives what it answers.
  Awaitable<http::Reply> answer(http::Request request);

  // The parts of it, for other forms of the same service: a request comes in and gets an id, what
  // it asks is put to the model, and the answer is stamped.
  Awaitable<std::string> receive();
  Awaitable<WireAnswer> call(ec2::AnyRequest request);

  ReplyStamp stamp(std::string request_id) const {
    return {std::move(request_id), real_.wall_now()};
  }

  // Calls that the model has not answered yet.
  int calls_under_way() const { return under_way_; }

  std::uint64_t requests() const { return requests_; }

 private:
  Awaitable<WireAnswer> call_by_form(http::Request request);
  ec2::Attempt<ec2::AnyRequest> decode(const http::Request& request) const;

  Ec2Model& model_;
  const Random& random_;
  Clock& real_;
  asio::any_io_executor executor_;
  SignatureCheck signatures_;
  std::uint64_t requests_ = 0;
  int under_way_ = 0;
};

}  // namespace casim::sim
