// The EC2 model behind a REST interface: machines under /v1/machines in JSON, for controllers that
// speak plain HTTP. A request becomes calls of EC2's own actions, one or two, so that throttling,
// faults, latencies and late visibility are EC2's. What cuts one of them cuts the answer.
//
// A machine is named by its instance id, or by the client token that it was made with, which a
// controller knows before there is a machine.
#pragma once

#include <string>
#include <utility>

#include "sim/ec2_face/bearer_check.h"
#include "sim/ec2_face/ec2_face.h"
#include "sim/ec2_face/rest_reply.h"
#include "sim/ec2_face/rest_routes.h"
#include "src/core/asio.h"
#include "src/http/server.h"

namespace casim::sim {

class RestFace {
 public:
  // The face outlives it.
  RestFace(Ec2Face& face, RestAccess access) : face_(face), bearer_(std::move(access)) {}

  // It outlives what it answers.
  Awaitable<http::Reply> answer(http::Request request);

 private:
  template <class Reply>
  struct Step;

  Awaitable<RestAnswer> route(http::Request request);
  Awaitable<RestAnswer> create(http::Request request);
  Awaitable<RestAnswer> list(std::string query);
  Awaitable<RestAnswer> read(std::string machine);
  Awaitable<RestAnswer> update(std::string machine, std::string body);
  Awaitable<RestAnswer> remove(std::string machine);
  // The one machine of that name.
  Awaitable<Step<ec2::Instance>> find(std::string machine);
  template <class Request>
  Awaitable<Step<typename Request::Reply>> call(Request request);

  Ec2Face& face_;
  BearerCheck bearer_;
};

}  // namespace casim::sim
