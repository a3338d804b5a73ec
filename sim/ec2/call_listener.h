// Who is told of each call on the EC2 model with all that it asks and is answered, where a fact
// (Ec2CallAnswered) has only a name for either.
#pragma once

#include <cstdint>

#include "src/core/time.h"
#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::sim {

// A call has a number of its own. It is asked first, decided once, and at last heard or left; one
// that was left may be decided later, as nothing keeps EC2 from its effect.
class Ec2CallListener {
 public:
  virtual ~Ec2CallListener() = default;
  virtual void on_asked(TimePoint at, std::uint64_t call, const ec2::AnyRequest& request) = 0;
  // What EC2 made of it, whether or not anybody hears of that.
  virtual void on_decided(TimePoint at, std::uint64_t call,
                          const ec2::Attempt<ec2::AnyReply>& answer) = 0;
  // What reached its caller. Null: the reply that was decided.
  virtual void on_heard(TimePoint at, std::uint64_t call, const ec2::AttemptError* error) = 0;
  // Its caller waits no more.
  virtual void on_left(TimePoint at, std::uint64_t call) = 0;
};

}  // namespace casim::sim
