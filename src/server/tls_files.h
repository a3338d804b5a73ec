// Certificates of a server, by files that may be replaced while it runs.
#pragma once

#include <filesystem>
#include <memory>

#include "src/core/time.h"

namespace grpc {
class ServerCredentials;
}

namespace casim::server {

struct TlsFiles {
  std::filesystem::path certificate;  // chain, PEM
  std::filesystem::path key;          // PEM
  std::filesystem::path client_ca =
      {};  // clients must show a certificate of it; empty: none is asked
  Duration reload_interval = std::chrono::minutes(1);  // whole seconds, at least one
};

// Reads the files from then on by itself. Files that cannot be used fail handshakes and nothing
// else, so they are to be checked before.
std::shared_ptr<grpc::ServerCredentials> make_credentials(const TlsFiles& files);

}  // namespace casim::server
