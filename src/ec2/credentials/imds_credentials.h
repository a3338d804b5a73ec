// Keys of the role of the EC2 instance that we run on, by the instance metadata service, version 2.
// Kept until shortly before they expire. Source: EC2 User Guide, "Retrieve instance metadata".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "src/core/clock.h"
#include "src/ec2/credentials/credentials.h"
#include "src/http/client.h"

namespace casim::ec2 {

// The document of a role; UNAUTHENTICATED: it is none, or says that there are no keys.
Result<Credentials> parse_imds_credentials(std::string_view json);

class ImdsCredentials final : public CredentialSource {
 public:
  // The service's address without AWS_EC2_METADATA_SERVICE_ENDPOINT.
  static constexpr const char* kEndpoint = "http://169.254.169.254";

  // With the time limits that AWS's own clients have for it. Both outlive this.
  ImdsCredentials(const http::Url& endpoint, Clock& clock, asio::any_io_executor executor);

  Awaitable<Result<Credentials>> get() override;
  void on_refused(const Credentials& refused) override;

  std::string name() const override { return "instance metadata"; }

 private:
  // A body; an error says which step failed.
  Awaitable<Result<std::string>> ask(std::string method, std::string path, std::string token);
  Awaitable<Result<Credentials>> fetch();

  http::Client client_;
  Clock& clock_;
  std::optional<Credentials> known_;
  bool is_refused_ = false;
};

}  // namespace casim::ec2
