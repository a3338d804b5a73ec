// Looks at certificates before they are used: gRPC itself says of unusable files only that
// handshakes fail.
#pragma once

#include <string>

#include "src/core/result.h"
#include "src/core/time.h"
#include "src/live/provider_file.h"

namespace casim::live {

struct CertificateSeen {
  WallTime expires{};
  std::string serial;  // hexadecimal

  bool operator==(const CertificateSeen&) const = default;
};

// FAILED_PRECONDITION with the file's name: it cannot be read, holds no PEM, key and certificate do
// not belong together, the certificate has ended or not begun.
Result<CertificateSeen> check_tls(const TlsConfig& tls, WallTime now);

}  // namespace casim::live
