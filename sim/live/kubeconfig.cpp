#include "sim/live/kubeconfig.h"

#include <openssl/evp.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/config/document.h"
#include "src/config/names.h"

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

// Nothing: it is no base64.
std::optional<std::string> decode_base64(const std::string& text) {
  std::vector<unsigned char> out(text.size() / 4 * 3 + 3);
  const int size = EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  // Its length counts what stands for the padding.
  const std::size_t end = text.find_last_not_of(" \n\r\t");
  std::size_t padding = 0;
  while (end != std::string::npos && padding < 2 && end >= padding && text[end - padding] == '=') {
    ++padding;
  }
  return std::string(out.begin(), out.begin() + (size - static_cast<int>(padding)));
}

std::optional<std::string> read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || in.bad()) return std::nullopt;
  return text;
}

// One reading of one file; all that is wrong is told.
class Reading {
 public:
  Reading(const config::Document& document, fs::path folder, config::Problems& problems)
      : document_(document), folder_(std::move(folder)), problems_(problems) {}

  ClusterAccess access() const {
    ClusterAccess out;
    const std::string current = text(document_.root(), "", "current-context", true);
    if (current.empty()) return out;
    const Place context = named("contexts", "context", current, "current-context");
    if (context.value == nullptr) return out;
    const std::string cluster = text(*context.value, context.path, "cluster", true);
    const std::string user = text(*context.value, context.path, "user", false);
    if (!cluster.empty()) {
      read_cluster(named("clusters", "cluster", cluster, context.path + ".cluster"), out);
    }
    if (!user.empty()) read_user(named("users", "user", user, context.path + ".user"), out);
    return out;
  }

 private:
  struct Place {
    const config::Value* value = nullptr;
    std::string path;
  };

  void error(std::string path, std::string message) const {
    document_.error(problems_, std::move(path), std::move(message));
  }

  static std::string below(const std::string& path, std::string_view member) {
    std::string out = path;
    config::append_key(out, member);
    return out;
  }

  // Empty: absent, or no text.
  std::string text(const config::Value& object, const std::string& path, std::string_view member,
                   bool is_required) const {
    const config::Value* found = object.find(member);
    if (found == nullptr || found->is_null()) {
      if (is_required) error(path, fmt::format("{} is missing", member));
      return "";
    }
    const std::string* text = found->as_string();
    if (text == nullptr) {
      error(below(path, member), "is no text, but " + config::found_text(*found));
      return "";
    }
    return *text;
  }

  // The item of that name in one of the three lists; `asked`: where the name was found.
  Place named(std::string_view list, std::string_view member, const std::string& name,
              const std::string& asked) const {
    const config::Value* found = document_.root().find(list);
    std::vector<std::string> names;
    if (found != nullptr && found->as_list() != nullptr) {
      for (std::size_t i = 0; i < found->as_list()->size(); ++i) {
        const config::Value& item = (*found->as_list())[i];
        const config::Value* its_name = item.find("name");
        if (its_name == nullptr || its_name->as_string() == nullptr) continue;
        names.push_back(*its_name->as_string());
        const config::Value* inner = item.find(member);
        if (names.back() == name && inner != nullptr) {
          return {inner, fmt::format("{}[{}].{}", list, i, member)};
        }
      }
    }
    const auto nearest = config::nearest_name(name, std::span<const std::string>(names));
    error(asked, fmt::format("there is no \"{}\" in {}{}; there are: {}", name, list,
                             nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : "",
                             fmt::join(names, ", ")));
    return {};
  }

  // What a file or the same member with -data holds.
  std::string pem(const Place& at, const std::string& member) const {
    const std::string data = text(*at.value, at.path, member + "-data", false);
    if (!data.empty()) {
      const auto decoded = decode_base64(data);
      if (decoded) return *decoded;
      error(below(at.path, member + "-data"), "is no base64");
      return "";
    }
    return contents(at, member);
  }

  std::string contents(const Place& at, const std::string& member) const {
    const std::string name = text(*at.value, at.path, member, false);
    if (name.empty()) return "";
    const fs::path file = folder_ / name;  // an absolute name stays
    errno = 0;
    const auto read = read_file(file);
    if (read) return *read;
    error(below(at.path, member),
          fmt::format("{}: {}", file.string(), std::generic_category().message(errno)));
    return "";
  }

  void read_cluster(const Place& at, ClusterAccess& out) const {
    if (at.value == nullptr) return;
    out.server = text(*at.value, at.path, "server", true);
    out.server_name = text(*at.value, at.path, "tls-server-name", false);
    out.ca_pem = pem(at, "certificate-authority");
    if (const config::Value* skips = at.value->find("insecure-skip-tls-verify")) {
      if (skips->as_bool() == nullptr) {
        error(below(at.path, "insecure-skip-tls-verify"), "is neither true nor false");
      } else {
        out.skips_verification = *skips->as_bool();
      }
    }
    refuse(at, "proxy-url", "a proxy is not supported");
  }

  void read_user(const Place& at, ClusterAccess& out) const {
    if (at.value == nullptr) return;
    for (const char* kind : {"exec", "auth-provider", "username"}) {
      refuse(at, kind, "is not supported; allowed: token, tokenFile, client-certificate");
    }
    out.token = text(*at.value, at.path, "token", false);
    if (out.token.empty()) out.token = contents(at, "tokenFile");
    while (!out.token.empty() && out.token.back() == '\n') out.token.pop_back();
    out.certificate_pem = pem(at, "client-certificate");
    out.key_pem = pem(at, "client-key");
    if (out.certificate_pem.empty() != out.key_pem.empty() && !problems_.has_errors()) {
      error(at.path, "client-certificate and client-key go together");
    }
  }

  void refuse(const Place& at, const char* member, const char* message) const {
    if (at.value->find(member) != nullptr) error(below(at.path, member), message);
  }

  const config::Document& document_;
  fs::path folder_;
  config::Problems& problems_;
};

}  // namespace

std::optional<ClusterAccess> read_kubeconfig(const fs::path& file, config::Problems& problems) {
  errno = 0;
  const auto text = read_file(file);
  if (!text) {
    config::Problem problem;
    problem.file = file.string();
    problem.message = "cannot be read: " + std::generic_category().message(errno);
    problems.add(std::move(problem));
    return std::nullopt;
  }
  // JSON is YAML, too.
  const auto document = config::parse_text(
      *text, config::Format::kYaml, config::Origin{file.string(), file.parent_path()}, problems);
  if (!document || problems.has_errors()) return std::nullopt;
  ClusterAccess access = Reading(*document, file.parent_path(), problems).access();
  if (problems.has_errors()) return std::nullopt;
  return access;
}

}  // namespace casim::sim
