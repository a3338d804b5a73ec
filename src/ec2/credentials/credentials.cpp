#include "src/ec2/credentials/credentials.h"

#include <utility>

namespace casim::ec2 {

Awaitable<Result<Credentials>> CredentialChain::get() {
  std::string tried;
  for (const auto& source : sources_) {
    Result<Credentials> found = co_await source->get();
    if (found) last_ = source.get();
    if (found || found.error().code != ErrorCode::kFailedPrecondition) co_return found;
    tried += (tried.empty() ? "" : "; ") + source->name() + ": " + found.error().message;
  }
  co_return failure(ErrorCode::kUnauthenticated, "no credentials (" + tried + ")");
}

void CredentialChain::on_refused(const Credentials& refused) {
  if (last_ != nullptr) last_->on_refused(refused);
}

std::string CredentialChain::name() const {
  return last_ == nullptr ? std::string("none") : last_->name();
}

Awaitable<Result<Credentials>> EnvironmentCredentials::get() {
  const auto id = environment_("AWS_ACCESS_KEY_ID");
  const auto secret = environment_("AWS_SECRET_ACCESS_KEY");
  if (!id && !secret) {
    co_return failure(ErrorCode::kFailedPrecondition, "AWS_ACCESS_KEY_ID is not set");
  }
  if (!id || !secret) {
    co_return failure(ErrorCode::kUnauthenticated,
                      "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must both be set");
  }
  co_return Credentials{.access_key_id = *id,
                        .secret_access_key = *secret,
                        .session_token = environment_("AWS_SESSION_TOKEN").value_or("")};
}

}  // namespace casim::ec2
