#include "src/live/provider_file.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "src/ec2/catalogue.h"
#include "src/ec2/region.h"
#include "src/http/url.h"
#include "src/provider/provider.h"

namespace casim::live {
namespace {

constexpr std::size_t kLongestName = 256;  // of a tag's value (ec2.md 1.2)

// What concerns more than one member, told at the member that is wrong.
class FileChecker {
 public:
  FileChecker(const ProviderFile& file, const config::Document& document,
              config::Problems& problems)
      : file_(file), document_(document), problems_(problems) {}

  void check() {
    if (file_.cluster.size() > kLongestName ||
        file_.cluster.find_first_of("*?\\") != std::string::npos) {
      error("cluster", fmt::format("has over {} characters or one of * ? \\, which EC2's filters "
                                   "take for wildcards",
                                   kLongestName));
    }
    const auto catalogue = ec2::default_catalogue();
    for (std::size_t i = 0; i < file_.node_groups.size(); ++i) {
      check_group(file_.node_groups[i], fmt::format("node_groups[{}]", i), *catalogue);
    }
    check_regions();
    check_listen();
    if (!file_.ec2.endpoint.empty()) {
      const auto url = http::parse_url(file_.ec2.endpoint);
      if (!url) error("ec2.endpoint", url.error().message);
    }
    const auto source = file_.ec2.credentials.source;
    if (source == CredentialsFrom::kFile && !file_.ec2.credentials.file) {
      error("ec2.credentials.file", "is missing: source is file");
    }
  }

 private:
  void error(const std::string& path, std::string message) {
    document_.error(problems_, path, std::move(message));
  }

  void check_group(const GroupFile& group, const std::string& path,
                   const ec2::Catalogue& catalogue) {
    if (group.name.find('/') != std::string::npos || group.name.size() > kLongestName) {
      error(path + ".name",
            fmt::format("has a slash or over {} characters: it stands in provider ids and tags",
                        kLongestName));
    }
    for (const auto& [type, message] : provider::validate_types(group.instance_types, catalogue)) {
      error(fmt::format("{}.instance_types[{}]", path, type), message);
    }
    for (const auto& [zone, subnet] : group.subnets) {
      if (std::ranges::find(group.zones, zone) != group.zones.end()) continue;
      error(path + ".subnets", fmt::format("\"{}\" is no zone of the group{}", zone,
                                           config::suggestion(zone, views(group.zones))));
    }
    for (const std::string& zone : group.zones) {
      if (group.subnets.empty() || group.subnets.contains(zone)) continue;
      error(path + ".subnets", fmt::format("has no subnet of zone {}", zone));
    }
  }

  static std::vector<std::string_view> views(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
  }

  // The names of Regions and zones stand in the endpoint's.
  static bool is_place(std::string_view name) {
    return !name.empty() &&
           name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == name.npos;
  }

  // False: some are no names, which was said.
  bool check_places() {
    constexpr const char* kLetters = "small letters, digits and dashes";
    const std::size_t before = problems_.error_count();
    if (!file_.ec2.region.empty() && !is_place(file_.ec2.region)) {
      error("ec2.region", fmt::format("\"{}\" names no Region: {}", file_.ec2.region, kLetters));
    }
    for (std::size_t i = 0; i < file_.node_groups.size(); ++i) {
      const auto& zones = file_.node_groups[i].zones;
      for (std::size_t j = 0; j < zones.size(); ++j) {
        if (is_place(zones[j])) continue;
        error(fmt::format("node_groups[{}].zones[{}]", i, j),
              fmt::format("\"{}\" names no availability zone: {}", zones[j], kLetters));
      }
    }
    return problems_.error_count() == before;
  }

  // One endpoint serves one Region.
  void check_regions() {
    if (!check_places()) return;
    const std::string region = file_.ec2.region.empty()
                                   ? ec2::region_of(file_.node_groups.front().zones.front())
                                   : file_.ec2.region;
    for (std::size_t i = 0; i < file_.node_groups.size(); ++i) {
      const auto& zones = file_.node_groups[i].zones;
      for (std::size_t j = 0; j < zones.size(); ++j) {
        if (ec2::region_of(zones[j]) == region) continue;
        error(fmt::format("node_groups[{}].zones[{}]", i, j),
              fmt::format("{} is not in Region {}: one provider serves one Region", zones[j],
                          region));
      }
    }
  }

  void check_listen() {
    const ListenConfig& listen = file_.listen;
    if (!listen.tls && !listen.allow_plaintext && !is_private_address(listen.address)) {
      error("listen.address",
            "others can reach it, and whoever does can order machines: set listen.tls, or "
            "listen.allow_plaintext where something else protects it");
    }
    if (listen.tls && !listen.tls->client_ca) {
      document_.warning(problems_, "listen.tls.client_ca",
                        "is missing: whoever reaches the address can order machines");
    }
  }

  const ProviderFile& file_;
  const config::Document& document_;
  config::Problems& problems_;
};

}  // namespace

bool is_private_address(std::string_view address) {
  if (address.starts_with("unix:")) return true;
  const std::string_view host = address.substr(0, address.rfind(':'));
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

std::optional<ProviderFile> parse_provider_file(const config::Document& document,
                                                config::Problems& problems) {
  ProviderFile file;
  if (!config::read(document, file, problems)) return std::nullopt;
  const std::size_t before = problems.error_count();
  FileChecker(file, document, problems).check();
  if (problems.error_count() != before) return std::nullopt;
  return file;
}

std::optional<ProviderFile> load_provider_file(const std::filesystem::path& path,
                                               config::Problems& problems) {
  const auto document = config::load_file(path, problems);
  if (!document || problems.has_errors()) return std::nullopt;
  return parse_provider_file(*document, problems);
}

}  // namespace casim::live
