#include "src/live/plan.h"

#include <stdexcept>
#include <utility>

#include "src/core/round.h"
#include "src/ec2/catalogue.h"
#include "src/ec2/credentials/file_credentials.h"
#include "src/ec2/credentials/imds_credentials.h"
#include "src/ec2/http/http_api.h"
#include "src/ec2/region.h"
#include "src/provider/node_template.h"

namespace casim::live {
namespace {

// Whose prices the catalogue has.
constexpr const char* kRegionOfPrices = "us-east-1";

std::optional<Price> price_of(const GroupFile& group, const ec2::InstanceType& type,
                              const std::string& region) {
  if (group.usd_per_hour) return Price{round_to<std::int64_t>(*group.usd_per_hour * 1e6)};
  const bool is_known = region == kRegionOfPrices && group.lifecycle == ec2::Lifecycle::kOnDemand;
  return is_known ? type.price : std::nullopt;
}

provider::GroupConfig plan_group(const GroupFile& group, const ProviderFile& file,
                                 const ec2::Catalogue& catalogue, const std::string& region) {
  provider::GroupConfig out;
  out.id = group.name;
  out.min_size = group.min;
  out.max_size = group.max;
  out.instance_types = group.instance_types;
  out.zones = group.zones;
  out.lifecycle = group.lifecycle;
  out.options = group.options;
  out.price = price_of(group, catalogue.at(group.instance_types.front()), region);
  const provider::TemplateTerms terms{
      .catalogue = catalogue,
      .reservation = {.max_pods_cap = file.nodes.max_pods_cap, .vm_memory_overhead = Bytes(0)},
      .is_kube_reserved = file.nodes.kube_reserved == KubeReserved::kEks};
  out.node_template = provider::make_template(group.instance_types, group.zones, terms);
  for (const auto& [key, value] : group.labels) out.node_template.labels[key] = value;
  out.node_template.taints = group.taints;
  return out;
}

http::Url parse_or_throw(const std::string& what, const std::string& text) {
  Result<http::Url> url = http::parse_url(text);
  if (!url) throw std::runtime_error(what + ": " + url.error().message);
  return *std::move(url);
}

std::unique_ptr<ec2::CredentialSource> file_source(const CredentialsConfig& config,
                                                   const ec2::Environment& environment,
                                                   bool is_optional) {
  std::filesystem::path path;
  if (config.file) {
    path = *config.file;
    is_optional = false;  // who names it means it
  } else if (const auto named = environment("AWS_SHARED_CREDENTIALS_FILE")) {
    path = *named;
  } else {
    path = std::filesystem::path(environment("HOME").value_or("/")) / ".aws/credentials";
  }
  return std::make_unique<ec2::FileCredentials>(path, config.profile, is_optional);
}

}  // namespace

provider::Config plan_provider(const ProviderFile& file, const std::string& region) {
  const auto catalogue = ec2::default_catalogue();
  provider::Config out;
  out.cluster = file.cluster;
  for (const GroupFile& group : file.node_groups) {
    out.groups.push_back(plan_group(group, file, *catalogue, region));
  }
  out.join_timeout = file.provider.join_timeout;
  out.reconcile = file.provider.reconcile;
  out.clamp_decrease = file.provider.clamp_decrease;
  out.launch_batch = file.provider.launch_batch;
  out.launch_window = file.provider.launch_window;
  out.terminate_window = file.provider.terminate_window;
  return out;
}

provider::Ec2MachinesOptions plan_machines(const ProviderFile& file) {
  provider::Ec2MachinesOptions out;
  out.retry = backoff::settings_of(file.provider.retry);
  for (const ActionRateLimit& limit : file.provider.rate_limits) {
    out.rate_limits[limit.action] = limit.limit;
  }
  out.ice_cooldown = file.provider.ice_cooldown;
  out.relaunch = file.provider.relaunch;
  out.image_id.clear();
  for (const GroupFile& group : file.node_groups) {
    provider::GroupLaunchTerms& terms = out.groups[group.name];
    terms.image_id = group.image_id;
    terms.subnets = group.subnets;
    if (group.launch_template) {
      terms.launch_template = {.id = group.launch_template->id,
                               .name = group.launch_template->name,
                               .version = group.launch_template->version};
    }
  }
  return out;
}

server::ListenOptions plan_listen(const ListenConfig& listen) {
  server::ListenOptions out;
  out.address = listen.address;
  if (listen.tls) {
    out.tls = {.certificate = listen.tls->certificate,
               .key = listen.tls->key,
               .client_ca = listen.tls->client_ca.value_or(""),
               .reload_interval = listen.tls->reload_interval};
  }
  return out;
}

std::string plan_region(const ProviderFile& file, const ec2::Environment& environment) {
  if (!file.ec2.region.empty()) return file.ec2.region;
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (const auto region = environment(name)) return *region;
  }
  return ec2::region_of(file.node_groups.front().zones.front());
}

http::ClientOptions plan_client(const ProviderFile& file, const std::string& region,
                                const ec2::Environment& environment) {
  http::ClientOptions out;
  std::string what = "ec2.endpoint";
  std::string endpoint = file.ec2.endpoint;
  for (const char* name : {"AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL"}) {
    if (!endpoint.empty()) break;
    what = name;
    endpoint = environment(name).value_or("");
  }
  out.server = parse_or_throw(what, endpoint.empty() ? ec2::endpoint_of(region) : endpoint);
  out.connect_timeout = file.ec2.connect_timeout;
  out.read_timeout = file.ec2.read_timeout;
  if (file.ec2.ca_file) out.ca_file = *file.ec2.ca_file;
  return out;
}

std::unique_ptr<ec2::CredentialSource> plan_credentials(const CredentialsConfig& config,
                                                        const ec2::Environment& environment,
                                                        Clock& clock,
                                                        const asio::any_io_executor& executor) {
  std::vector<std::unique_ptr<ec2::CredentialSource>> sources;
  const bool is_chain = config.source == CredentialsFrom::kChain;
  if (is_chain || config.source == CredentialsFrom::kEnvironment) {
    sources.push_back(std::make_unique<ec2::EnvironmentCredentials>(environment));
  }
  if (is_chain || config.source == CredentialsFrom::kFile) {
    sources.push_back(file_source(config, environment, is_chain));
  }
  if (is_chain || config.source == CredentialsFrom::kInstance) {
    const auto endpoint = environment("AWS_EC2_METADATA_SERVICE_ENDPOINT");
    const http::Url url = parse_or_throw("AWS_EC2_METADATA_SERVICE_ENDPOINT",
                                         endpoint.value_or(ec2::ImdsCredentials::kEndpoint));
    sources.push_back(std::make_unique<ec2::ImdsCredentials>(url, clock, executor));
  }
  return std::make_unique<ec2::CredentialChain>(std::move(sources));
}

std::vector<std::string> fixed_differences(const ProviderFile& running,
                                           const ProviderFile& wanted) {
  std::vector<std::string> paths;
  const auto compare = [&paths](const char* path, bool is_same) {
    if (!is_same) paths.emplace_back(path);
  };
  compare("cluster", running.cluster == wanted.cluster);
  compare("ec2", running.ec2 == wanted.ec2);
  compare("listen", running.listen == wanted.listen);
  compare("http", running.http == wanted.http);
  compare("store", running.store == wanted.store);
  return paths;
}

}  // namespace casim::live
