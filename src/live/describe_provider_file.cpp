#include "src/live/provider_file.h"

namespace casim::live {

using config::above;
using config::at_least;
using config::at_least_one;
using config::at_most;
using config::not_blank;
using config::unique;

config::EnumNames<LogFormat> enum_names(LogFormat) {
  return {{LogFormat::kJson, "json"}, {LogFormat::kText, "text"}};
}

config::EnumNames<LogLevel> enum_names(LogLevel) {
  return {{LogLevel::kDebug, "debug"},
          {LogLevel::kInfo, "info"},
          {LogLevel::kWarning, "warning"},
          {LogLevel::kError, "error"}};
}

config::EnumNames<CredentialsFrom> enum_names(CredentialsFrom) {
  return {{CredentialsFrom::kChain, "chain"},
          {CredentialsFrom::kEnvironment, "environment"},
          {CredentialsFrom::kFile, "file"},
          {CredentialsFrom::kInstance, "instance"}};
}

config::EnumNames<KubeReserved> enum_names(KubeReserved) {
  return {{KubeReserved::kEks, "eks"}, {KubeReserved::kNone, "none"}};
}

void describe(config::Visitor& v, TlsConfig& t) {
  v.required("certificate", t.certificate, "PEM file with the server's certificate and its chain");
  v.required("key", t.key, "PEM file with its key");
  v.field("client_ca", t.client_ca,
          "PEM file with the CA of client certificates, which are demanded then; absent: anybody "
          "may order machines");
  v.field("reload_interval", t.reload_interval, "how often the files are looked at for new ones",
          at_least(std::chrono::seconds(1)), at_most(std::chrono::hours(24)));
}

void describe(config::Visitor& v, ListenConfig& l) {
  v.field("address", l.address, "host:port, or unix:/path of a socket", not_blank());
  v.field("tls", l.tls, "certificates; absent: plaintext");
  v.field("allow_plaintext", l.allow_plaintext,
          "plaintext also where others can listen, not on loopback or a Unix socket only");
}

void describe(config::Visitor& v, StoreConfig& s) {
  v.field("file", s.file, "SQLite file with the slots; on a disk that outlives the machine");
}

void describe(config::Visitor& v, LogConfig& l) {
  v.field("format", l.format, "one JSON object a line, or text");
  v.field("level", l.level, "least level that is written");
}

void describe(config::Visitor& v, CredentialsConfig& c) {
  v.field("source", c.source,
          "chain: environment, file, then instance metadata; environment: AWS_ACCESS_KEY_ID and so "
          "on; file; instance: the role of the EC2 instance");
  v.field("file", c.file,
          "AWS credentials file, or folder of a mounted Secret with aws_access_key_id, "
          "aws_secret_access_key, aws_session_token; absent: AWS_SHARED_CREDENTIALS_FILE, "
          "~/.aws/credentials");
  v.field("profile", c.profile, "section of a credentials file", not_blank());
}

void describe(config::Visitor& v, Ec2ApiConfig& e) {
  v.field("region", e.region, "absent: AWS_REGION, AWS_DEFAULT_REGION, the Region of the zones");
  v.field("endpoint", e.endpoint,
          "URL; absent: AWS_ENDPOINT_URL_EC2, AWS_ENDPOINT_URL, the Region's own");
  v.field("ca_file", e.ca_file, "PEM file of CAs to trust instead of the system's");
  v.field("connect_timeout", e.connect_timeout, "of connection and TLS", above(Duration{}));
  v.field("read_timeout", e.read_timeout, "without a byte of the reply", above(Duration{}));
  v.field("credentials", e.credentials, "whose calls they are");
}

void describe(config::Visitor& v, LaunchTemplateConfig& t) {
  v.field("id", t.id, "lt-...; or name");
  v.field("name", t.name, "name of the template; or id");
  v.field("version", t.version, "a number, $Latest or $Default", not_blank());
  v.check("", t.id.empty() != t.name.empty(), "needs exactly one of id and name");
}

void describe(config::Visitor& v, GroupFile& g) {
  v.required("name", g.name, "id of the group; stable key of backoff and caches", not_blank());
  v.field("min", g.min, "least number of nodes", at_least(0));
  v.field("max", g.max, "greatest number of nodes", at_least(0));
  v.required("instance_types", g.instance_types,
             "EC2 types in order of preference, all with equal vCPU, memory and GPU",
             at_least_one(), unique());
  v.required("zones", g.zones, "availability zones in order of preference", at_least_one(),
             unique());
  v.field("lifecycle", g.lifecycle, "how its machines are bought");
  v.field("labels", g.labels, "labels of its nodes, beside the well-known ones");
  v.field("taints", g.taints, "taints of its nodes");
  v.field("options", g.options, "answer of NodeGroupGetOptions; absent: UNIMPLEMENTED");
  v.field("usd_per_hour", g.usd_per_hour,
          "price of a node, for --expander=price; absent: on-demand price of us-east-1 there, else "
          "none",
          at_least(0.0), at_most(1e6));
  v.field("launch_template", g.launch_template,
          "what its machines are launched from: image, security groups, user data that joins the "
          "cluster, instance profile");
  v.field("image_id", g.image_id, "ami-..., where the launch template names none");
  v.field("subnets", g.subnets, "subnet of each zone; absent: that of the account's default VPC");
  v.check("min", g.min <= g.max, [&] { return "is above max (" + std::to_string(g.max) + ")"; });
  v.check("launch_template", g.launch_template || !g.image_id.empty(),
          "is missing, and so is image_id: machines need one of them");
}

void describe(config::Visitor& v, ActionRateLimit& r) { provider::describe_rate_limit(v, r); }

void describe(config::Visitor& v, ProviderSettings& p) { provider::describe_settings(v, p); }

void describe(config::Visitor& v, NodesConfig& n) {
  v.field("max_pods_cap", n.max_pods_cap, "pods per node, whatever the type allows; 0: no cap",
          at_least(0));
  v.field("kube_reserved", n.kube_reserved,
          "what nodes keep from pods: as EKS reserves it, or nothing");
}

void describe(config::Visitor& v, ProviderFile& f) {
  v.required("schema_version", f.schema_version, "version of this format", at_least(1),
             at_most(ProviderFile::kSchemaVersion));
  v.required("cluster", f.cluster,
             "name of the cluster, by which its machines are tagged; no two of an account share it",
             not_blank());
  v.required("node_groups", f.node_groups, "what the autoscaler may grow and shrink",
             at_least_one(), unique("name"));
  v.field("provider", f.provider, "how it behaves");
  v.field("nodes", f.nodes, "what nodes leave to pods, for the templates");
  v.field("ec2", f.ec2, "the API that machines come from");
  v.field("listen", f.listen, "where the autoscaler finds it");
  v.field("http", f.http, "host:port of metrics, readiness and liveness; empty: none");
  v.field("store", f.store, "durable state");
  v.field("log", f.log, "what it writes to standard error");
  v.field("drain_timeout", f.drain_timeout, "at SIGTERM, time for calls that are under way",
          at_least(Duration{}), at_most(std::chrono::minutes(10)));
}

}  // namespace casim::live
