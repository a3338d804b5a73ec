// Certificates made for one test, by OpenSSL.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace casim::live {

struct FreeX509 {
  void operator()(X509* x) const { X509_free(x); }

  void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); }
};

// A certificate with its key.
struct Identity {
  std::unique_ptr<X509, FreeX509> certificate;
  std::unique_ptr<EVP_PKEY, FreeX509> key;
};

struct IdentityTerms {
  std::string name;
  const Identity* issuer = nullptr;  // null: it signs itself, as a CA
  int days = 30;                     // from now; negative: it ended so long ago
};

// For "localhost" and 127.0.0.1.
Identity make_identity(const IdentityTerms& terms);

void write_pem(const Identity& identity, const std::filesystem::path& certificate,
               const std::filesystem::path& key);

}  // namespace casim::live
