// What a completion queue hands back: the operation that it belongs to.
#pragma once

namespace casim::server {

class Tag {
 public:
  // `ok` as gRPC reports it. Called once per started operation, by the way of the pump's Delivery.
  virtual void complete(bool ok) = 0;

 protected:
  ~Tag() = default;  // never deleted through this
};

}  // namespace casim::server
