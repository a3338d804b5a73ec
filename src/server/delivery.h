// The way of completed operations from the thread that takes them out of a completion queue to
// their tags, in order. Two ways: HandOff, to the executor's thread, and InTurn, on the spot.
// Neither knows anything of gRPC, whose own locks the thread sanitizer cannot see, so that a test
// can run under it.
#pragma once

#include "src/server/tag.h"

namespace casim::server {

class Delivery {
 public:
  virtual ~Delivery() = default;

  // From any thread. complete(ok) follows, once, unless it is closed before. What that throws
  // leaves whoever polls the executor, and the tags behind it are completed all the same.
  virtual void push(Tag& tag, bool ok) = 0;

  // What has not been completed is dropped from now on. Not from a tag.
  virtual void close() = 0;
};

}  // namespace casim::server
