// The way into a cluster: what is read, and what is said of what cannot be.
#include "sim/live/kubeconfig.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "tests/catch.h"

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "casim_kubeconfig.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + " cannot be made");
    path_ = name;
  }

  ~Folder() { fs::remove_all(path_); }

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }

 private:
  fs::path path_;
};

std::string with(const std::string& cluster, const std::string& user) {
  return "apiVersion: v1\nkind: Config\npreferences: {}\ncurrent-context: real\n"
         "contexts: [{name: other, context: {cluster: no, user: no}},\n"
         "  {name: real, context: {cluster: c, user: u}}]\n"
         "clusters: [{name: c, cluster: {" +
         cluster + "}}]\nusers: [{name: u, user: {" + user + "}}]\n";
}

TEST_CASE("a kubeconfig gives server, trust and credentials of its current context", "[live]") {
  const Folder folder;
  folder.write("ca.pem", "a certificate\n");
  config::Problems problems;
  const fs::path token = folder.write(
      "token",
      with("server: \"https://127.0.0.1:18443\", insecure-skip-tls-verify: true", "token: abc"));
  const auto by_token = read_kubeconfig(token, problems);
  CHECK(problems.text() == "");
  REQUIRE(by_token);
  CHECK(by_token->server == "https://127.0.0.1:18443");
  CHECK(by_token->skips_verification);
  CHECK(by_token->token == "abc");
  CHECK(by_token->ca_pem == "");
  const fs::path files = folder.write(
      "files", with("server: https://a, certificate-authority: ca.pem, tls-server-name: b",
                    "client-certificate-data: Y2VydGlmaWNhdGU=, client-key-data: a2V5"));
  const auto by_certificate = read_kubeconfig(files, problems);
  CHECK(problems.text() == "");
  REQUIRE(by_certificate);
  CHECK_FALSE(by_certificate->skips_verification);
  CHECK(by_certificate->ca_pem == "a certificate\n");
  CHECK(by_certificate->server_name == "b");
  CHECK(by_certificate->certificate_pem == "certificate");
  CHECK(by_certificate->key_pem == "key");
}

TEST_CASE("a kubeconfig in JSON is read as well", "[live]") {
  const Folder folder;
  config::Problems problems;
  const auto access = read_kubeconfig(folder.write("config.json",
                                                   R"({"current-context": "a",
              "contexts": [{"name": "a", "context": {"cluster": "c"}}],
              "clusters": [{"name": "c", "cluster": {"server": "http://localhost:8001"}}]})"),
                                      problems);
  CHECK(problems.text() == "");
  REQUIRE(access);
  CHECK(access->server == "http://localhost:8001");
  CHECK(access->token == "");
}

TEST_CASE("a kubeconfig that leads nowhere is refused with what is wrong", "[live]") {
  struct Row {
    const char* name;
    std::string text;
    std::string says;
  };

  const auto row = GENERATE(values<Row>({
      {"no context", "kind: Config", "current-context is missing"},
      {"a context that is not there",
       "current-context: reel\ncontexts: [{name: real, context: {}}]",
       "current-context: there is no \"reel\" in contexts; did you mean \"real\"?"},
      {"no server", with("certificate-authority-data: YQ==", "token: a"), "server is missing"},
      {"a file that is not there", with("server: https://a, certificate-authority: none.pem", ""),
       "none.pem: No such file"},
      {"no base64", with("server: https://a, certificate-authority-data: \"%%\"", ""),
       "clusters[0].cluster.certificate-authority-data: is no base64"},
      {"a plugin", with("server: https://a", "exec: {command: aws}"),
       "users[0].user.exec: is not supported; allowed: token"},
      {"a proxy", with("server: https://a, proxy-url: http://b", "token: a"),
       "a proxy is not supported"},
      {"half a certificate", with("server: https://a", "client-key-data: YQ=="), "go together"},
      {"a switch that is none", with("server: https://a, insecure-skip-tls-verify: maybe", ""),
       "is neither true nor false"},
      {"no YAML", "a: [", "kubeconfig"},
  }));
  CAPTURE(row.name);
  const Folder folder;
  config::Problems problems;
  CHECK_FALSE(read_kubeconfig(folder.write("kubeconfig", row.text), problems));
  CAPTURE(problems.text());
  CHECK(problems.text().find(row.says) != std::string::npos);
}

TEST_CASE("a kubeconfig that is not there is named", "[live]") {
  config::Problems problems;
  CHECK_FALSE(read_kubeconfig("no/such/kubeconfig", problems));
  CHECK(problems.text().find("no/such/kubeconfig") != std::string::npos);
}

}  // namespace
}  // namespace casim::sim
