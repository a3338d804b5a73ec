#include "tests/program/certificates.h"

#include <cstdio>
#include <stdexcept>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace casim::live {
namespace {

constexpr long kDay = 24L * 3600;

void require(bool holds) {
  if (!holds) throw std::runtime_error("OpenSSL refuses to make a certificate");
}

void add_extension(X509& certificate, X509& issuer, int id, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, id, value);
  require(extension != nullptr);
  X509_add_ext(&certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

Identity make_identity(const IdentityTerms& terms) {
  static long serial = 1000;
  Identity made;
  made.key.reset(EVP_EC_gen("P-256"));
  made.certificate.reset(X509_new());
  require(made.key && made.certificate);
  X509& x = *made.certificate;
  X509_set_version(&x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(&x), ++serial);
  const long end = terms.days * kDay;
  X509_gmtime_adj(X509_getm_notBefore(&x), (end < 0 ? end : 0) - kDay);
  X509_gmtime_adj(X509_getm_notAfter(&x), end);
  X509_set_pubkey(&x, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(&x), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(terms.name.c_str()), -1, -1, 0);
  const bool is_ca = terms.issuer == nullptr;
  X509& issuer = is_ca ? x : *terms.issuer->certificate;
  X509_set_issuer_name(&x, X509_get_subject_name(&issuer));
  add_extension(x, issuer, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "CA:FALSE");
  if (is_ca) {
    add_extension(x, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    add_extension(x, issuer, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  }
  EVP_PKEY* signer = is_ca ? made.key.get() : terms.issuer->key.get();
  require(X509_sign(&x, signer, EVP_sha256()) > 0);
  return made;
}

void write_pem(const Identity& identity, const std::filesystem::path& certificate,
               const std::filesystem::path& key) {
  // Renamed into place, as those who rotate certificates do.
  const auto write = [](const std::filesystem::path& path, auto put) {
    const std::string fresh = path.string() + ".new";
    std::FILE* file = std::fopen(fresh.c_str(), "w");
    require(file != nullptr);
    put(file);
    std::fclose(file);
    std::filesystem::rename(fresh, path);
  };
  write(key, [&](std::FILE* f) {
    PEM_write_PrivateKey(f, identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  write(certificate, [&](std::FILE* f) { PEM_write_X509(f, identity.certificate.get()); });
}

}  // namespace casim::live
