// What provider-http calls: EC2 behind a gateway, or a script.
#pragma once

#include <cstdint>
#include <string>

#include "sim/paths/crossplane/managed.h"
#include "src/core/asio.h"
#include "src/core/time.h"

namespace casim::sim {

struct HttpCall {
  HttpMethod method = HttpMethod::kGet;
  std::uint32_t object = 0;  // the Request that it is for
  std::string id = {};       // that the last reply named; empty: none did
  TimePoint deadline = kTimeNever;
};

class HttpTarget {
 public:
  virtual ~HttpTarget() = default;
  // Without a status when the connection failed, or when there was no reply by the deadline. It may
  // have had its effect all the same.
  virtual Awaitable<HttpReply> send(HttpCall call) = 0;
};

}  // namespace casim::sim
