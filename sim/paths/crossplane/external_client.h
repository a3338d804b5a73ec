// How provider-http looks after the external thing of a managed resource: one client for Requests,
// one for DisposableRequests. Source: provisioning-paths.md 1.2, 1.3 [PH internal/service].
#pragma once

#include <string>

#include "sim/paths/crossplane/http_target.h"
#include "sim/paths/crossplane/managed_copy.h"
#include "src/core/asio.h"
#include "src/core/result.h"

namespace casim::sim {

struct Observation {
  bool exists = false;
  bool is_up_to_date = false;
};

class ExternalClient {
 public:
  virtual ~ExternalClient() = default;
  virtual Awaitable<Result<Observation>> observe(ManagedCopy& copy) = 0;
  virtual Awaitable<Result<void>> create(ManagedCopy& copy) = 0;
  virtual Awaitable<Result<void>> update(ManagedCopy& copy) = 0;
  virtual Awaitable<Result<void>> remove(ManagedCopy& copy) = 0;
  // After a reconcile that found it up to date. `poll`: the provider's own.
  virtual Duration poll_of(const ManagedCopy& copy, Duration poll) const = 0;
};

class RequestClient final : public ExternalClient {
 public:
  // The target outlives it. `error_is_success`: the real provider's way to take an HTTP error on a
  // create, update or remove.
  RequestClient(HttpTarget& target, bool error_is_success)
      : target_(target), error_is_success_(error_is_success) {}

  Awaitable<Result<Observation>> observe(ManagedCopy& copy) override;
  Awaitable<Result<void>> create(ManagedCopy& copy) override;
  Awaitable<Result<void>> update(ManagedCopy& copy) override;
  Awaitable<Result<void>> remove(ManagedCopy& copy) override;

  Duration poll_of(const ManagedCopy&, Duration poll) const override { return poll; }

 private:
  Awaitable<Result<void>> deploy(ManagedCopy& copy, HttpMethod method);

  HttpTarget& target_;
  const bool error_is_success_;
};

class DisposableClient final : public ExternalClient {
 public:
  // `poll`: without nextReconcile; that of the provider does not count.
  DisposableClient(HttpTarget& target, Duration poll) : target_(target), poll_(poll) {}

  Awaitable<Result<Observation>> observe(ManagedCopy& copy) override;
  Awaitable<Result<void>> create(ManagedCopy& copy) override;
  Awaitable<Result<void>> update(ManagedCopy& copy) override;
  Awaitable<Result<void>> remove(ManagedCopy& copy) override;
  Duration poll_of(const ManagedCopy& copy, Duration poll) const override;

 private:
  HttpTarget& target_;
  const Duration poll_;
};

// One call, as the copy's limits allow.
Awaitable<HttpReply> send(HttpTarget& target, const ManagedCopy& copy, HttpMethod method);
// A write that belongs to a call: not any more when the reconcile's time for calls is over.
Awaitable<Result<void>> update_call_status(ManagedCopy& copy);

}  // namespace casim::sim
