#include "src/server/tls_files.h"

#include <algorithm>

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace casim::server {

std::shared_ptr<grpc::ServerCredentials> make_credentials(const TlsFiles& files) {
  namespace tls = grpc::experimental;
  const auto seconds = std::max<std::int64_t>(
      1, std::chrono::ceil<std::chrono::seconds>(files.reload_interval).count());
  auto watcher = std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key.string(), files.certificate.string(), files.client_ca.string(),
      static_cast<unsigned>(seconds));
  tls::TlsServerCredentialsOptions options(std::move(watcher));
  options.watch_identity_key_cert_pairs();
  if (files.client_ca.empty()) {
    options.set_cert_request_type(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  } else {
    options.watch_root_certs();
    options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return tls::TlsServerCredentials(options);
}

}  // namespace casim::server
