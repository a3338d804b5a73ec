#include "src/live/tls_check.h"

#include <ctime>
#include <memory>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

namespace casim::live {
namespace {

template <auto kFree>
struct Freeing {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};

using Bio = std::unique_ptr<BIO, Freeing<BIO_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;

std::unexpected<Error> unusable(const std::filesystem::path& file, std::string_view why) {
  ERR_clear_error();
  return failure(ErrorCode::kFailedPrecondition, fmt::format("{}: {}", file.string(), why));
}

Bio open_file(const std::filesystem::path& file) { return Bio(BIO_new_file(file.c_str(), "rb")); }

WallTime time_of(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return WallTime(std::chrono::seconds(::timegm(&parts)));
}

std::string serial_of(const X509* certificate) {
  const std::unique_ptr<BIGNUM, Freeing<BN_free>> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  char* text = BN_bn2hex(number.get());
  std::string serial = text == nullptr ? "" : text;
  OPENSSL_free(text);
  return serial;
}

}  // namespace

Result<CertificateSeen> check_tls(const TlsConfig& tls, WallTime now) {
  const Bio certificate_file = open_file(tls.certificate);
  if (!certificate_file) return unusable(tls.certificate, "cannot be read");
  const Certificate certificate(
      PEM_read_bio_X509(certificate_file.get(), nullptr, nullptr, nullptr));
  if (!certificate) return unusable(tls.certificate, "holds no PEM certificate");
  const Bio key_file = open_file(tls.key);
  if (!key_file) return unusable(tls.key, "cannot be read");
  const Key key(PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr));
  if (!key) return unusable(tls.key, "holds no PEM private key without a password");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return unusable(tls.key, "is not the key of " + tls.certificate.string());
  }
  if (tls.client_ca) {
    const Bio ca_file = open_file(*tls.client_ca);
    if (!ca_file) return unusable(*tls.client_ca, "cannot be read");
    const Certificate ca(PEM_read_bio_X509(ca_file.get(), nullptr, nullptr, nullptr));
    if (!ca) return unusable(*tls.client_ca, "holds no PEM certificate");
  }
  const WallTime expires = time_of(X509_get0_notAfter(certificate.get()));
  if (expires <= now) return unusable(tls.certificate, "has expired");
  if (time_of(X509_get0_notBefore(certificate.get())) > now) {
    return unusable(tls.certificate, "is not valid yet");
  }
  return CertificateSeen{expires, serial_of(certificate.get())};
}

}  // namespace casim::live
