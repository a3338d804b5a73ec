// The configuration of casim-provider, as a user writes it in JSON or YAML. What a scenario of the
// simulator has too, node groups and the provider's settings, has the same names and meaning.
// Defaults are the member initialisers; describe_provider_file.cpp lists the members.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "src/backoff/preset.h"
#include "src/config/config.h"
#include "src/core/time.h"
#include "src/ec2/action.h"
#include "src/provider/describe.h"
#include "src/provider/ec2_client.h"
#include "src/provider/relaunch.h"
#include "src/provider/types.h"

namespace casim::live {

struct TlsConfig {
  std::filesystem::path certificate;
  std::filesystem::path key;
  std::optional<std::filesystem::path> client_ca;
  Duration reload_interval = std::chrono::minutes(1);

  bool operator==(const TlsConfig&) const = default;
};

struct ListenConfig {
  std::string address = "127.0.0.1:8086";
  std::optional<TlsConfig> tls;
  bool allow_plaintext = false;

  bool operator==(const ListenConfig&) const = default;
};

struct StoreConfig {
  std::filesystem::path file = "/var/lib/casim/provider.db";

  bool operator==(const StoreConfig&) const = default;
};

enum class LogFormat { kJson, kText };
enum class LogLevel { kDebug, kInfo, kWarning, kError };

struct LogConfig {
  LogFormat format = LogFormat::kJson;
  LogLevel level = LogLevel::kInfo;
};

enum class CredentialsFrom { kChain, kEnvironment, kFile, kInstance };

struct CredentialsConfig {
  CredentialsFrom source = CredentialsFrom::kChain;
  std::optional<std::filesystem::path> file;  // of kFile and, before AWS's own place, kChain
  std::string profile = "default";

  bool operator==(const CredentialsConfig&) const = default;
};

struct Ec2ApiConfig {
  std::string region;    // empty: AWS_REGION, AWS_DEFAULT_REGION, that of the zones
  std::string endpoint;  // empty: AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL, the Region's own
  std::optional<std::filesystem::path> ca_file;
  Duration connect_timeout = std::chrono::seconds(10);
  Duration read_timeout = std::chrono::seconds(60);  // as botocore's (ec2.md 4.1)
  CredentialsConfig credentials;

  bool operator==(const Ec2ApiConfig&) const = default;
};

struct LaunchTemplateConfig {
  std::string id;
  std::string name;
  std::string version = "$Default";
};

// A group as it is written. What stands in its launch template need not stand here.
struct GroupFile {
  std::string name;
  int min = 0;
  int max = 10;
  std::vector<std::string> instance_types;
  std::vector<std::string> zones;
  ec2::Lifecycle lifecycle = ec2::Lifecycle::kOnDemand;
  std::map<std::string, std::string> labels;
  std::vector<provider::Taint> taints;
  std::optional<provider::GroupOptions> options;
  std::optional<double> usd_per_hour;
  std::optional<LaunchTemplateConfig> launch_template;
  std::string image_id;
  std::map<std::string, std::string> subnets;  // by zone
};

struct ActionRateLimit {
  ec2::Action action = ec2::Action::kRunInstances;
  provider::RateLimit limit;
};

struct ProviderSettings {
  Duration join_timeout = provider::Config{}.join_timeout;
  provider::ReconcileTiming reconcile{.period = provider::ReconcileTiming{}.period, .jitter = 0.1};
  bool clamp_decrease = true;
  int launch_batch = provider::Config{}.launch_batch;
  provider::BatchWindow launch_window = provider::Config{}.launch_window;
  provider::BatchWindow terminate_window = provider::Config{}.terminate_window;
  std::vector<ActionRateLimit> rate_limits;
  Duration ice_cooldown = std::chrono::minutes(3);  // ec2.md 2
  backoff::RetryConfig retry;
  provider::RelaunchPolicy relaunch;
};

enum class KubeReserved { kEks, kNone };

struct NodesConfig {
  int max_pods_cap = 110;
  KubeReserved kube_reserved = KubeReserved::kEks;
};

struct ProviderFile {
  static constexpr int kSchemaVersion = 1;

  int schema_version = kSchemaVersion;
  std::string cluster;
  std::vector<GroupFile> node_groups;
  ProviderSettings provider;
  NodesConfig nodes;
  Ec2ApiConfig ec2;
  ListenConfig listen;
  std::string http = "127.0.0.1:8087";  // metrics and health; empty: none
  StoreConfig store;
  LogConfig log;
  Duration drain_timeout = std::chrono::seconds(20);
};

config::EnumNames<LogFormat> enum_names(LogFormat);
config::EnumNames<LogLevel> enum_names(LogLevel);
config::EnumNames<CredentialsFrom> enum_names(CredentialsFrom);
config::EnumNames<KubeReserved> enum_names(KubeReserved);

void describe(config::Visitor& v, ProviderFile& file);

// Reads it and checks all that can be checked without opening anything but the file itself.
std::optional<ProviderFile> load_provider_file(const std::filesystem::path& path,
                                               config::Problems& problems);
std::optional<ProviderFile> parse_provider_file(const config::Document& document,
                                                config::Problems& problems);

// "127.0.0.1:80", "[::1]:80", "localhost:80", a Unix socket: nobody else hears what is said there.
bool is_private_address(std::string_view address);

}  // namespace casim::live
