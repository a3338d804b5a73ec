// Whose requests are signed, and where the keys come from. A source is asked before each call, so
// keys may change at any time; it is told when EC2 refuses what it gave.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/core/asio.h"
#include "src/core/result.h"
#include "src/core/time.h"

namespace casim::ec2 {

struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token = {};                  // empty: long-lived keys
  std::optional<WallTime> expires = std::nullopt;  // none: nobody said

  bool operator==(const Credentials&) const = default;
};

// Reads an environment variable; none: it is not set, or empty. Only main knows the environment.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

class CredentialSource {
 public:
  virtual ~CredentialSource() = default;

  // UNAUTHENTICATED with a sentence: there are none now. FAILED_PRECONDITION: this source is not
  // set up at all, ask the next one.
  virtual Awaitable<Result<Credentials>> get() = 0;

  // EC2 says that these have expired or are unknown: the next get() looks again.
  virtual void on_refused(const Credentials& /*refused*/) {}

  // "environment", "file /etc/...": for messages, never with a key.
  virtual std::string name() const = 0;
};

// The first source that is set up.
class CredentialChain final : public CredentialSource {
 public:
  explicit CredentialChain(std::vector<std::unique_ptr<CredentialSource>> sources)
      : sources_(std::move(sources)) {}

  Awaitable<Result<Credentials>> get() override;
  void on_refused(const Credentials& refused) override;
  std::string name() const override;

 private:
  std::vector<std::unique_ptr<CredentialSource>> sources_;
  CredentialSource* last_ = nullptr;  // that gave some
};

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.
class EnvironmentCredentials final : public CredentialSource {
 public:
  explicit EnvironmentCredentials(Environment environment) : environment_(std::move(environment)) {}

  Awaitable<Result<Credentials>> get() override;

  std::string name() const override { return "environment"; }

 private:
  Environment environment_;
};

}  // namespace casim::ec2
