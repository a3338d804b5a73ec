#include <fmt/format.h>

#include "sim/manifests/shape.h"
#include "sim/manifests/workload_kinds.h"
#include "src/config/units.h"

namespace casim::sim {
namespace {

using config::Value;

// A manifest does not say how long a pod runs. Assumed.
constexpr Duration kRunFor = std::chrono::minutes(10);

constexpr std::string_view kJobMembers[] = {
    "parallelism",          "completions",      "completionMode",        "backoffLimit",
    "backoffLimitPerIndex", "maxFailedIndexes", "activeDeadlineSeconds", "podReplacementPolicy"};

Shape job_shape() {
  Shape shape{.taken = {},
              .nothing = {"ttlSecondsAfterFinished", "manualSelector", "selector", "managedBy"},
              .apart = {"template", "suspend", "podFailurePolicy", "successPolicy"}};
  for (const std::string_view member : kJobMembers) shape.taken.push_back({member});
  return shape;
}

bool is_suspended(const KubeObject& object) {
  const Value* suspend = value_at(*object.value, "spec.suspend");
  return suspend != nullptr && suspend->as_bool() != nullptr && *suspend->as_bool();
}

// The spec of a Job, at "spec" or "spec.jobTemplate.spec".
void read_job_spec(const KubeObject& object, const Value& spec, const std::string& path,
                   ManifestReading& reading, Value& item) {
  note_rest(object, spec, job_shape(), path, reading.notes);
  for (const char* rule : {"podFailurePolicy", "successPolicy"}) {
    if (value_at(spec, rule) != nullptr)
      reading.notes.cannot(object, fmt::format("{} of Jobs", rule));
  }
  for (const std::string_view member : kJobMembers) {
    if (const Value* value = value_at(spec, member)) item.set(member, *value);
  }
  if (!reading.options.run_for) {
    reading.notes.assume(fmt::format(
        "pods of Jobs run for {}: a manifest does not say how long; `run_for` of the workload does",
        config::write_duration(kRunFor)));
  }
  item.set("run_for", config::write_duration(reading.options.run_for.value_or(kRunFor)));
  const Value* pod = value_at(spec, "template");
  item.set("pod", reading.pods.pod_of(object, pod == nullptr ? spec : *pod, path + ".template",
                                      RestartRule::kEnds));
}

// Members of a Job below its spec.
const std::vector<MemberName>& job_members() {
  static const std::vector<MemberName> kMembers = {
      {"spec.parallelism", "parallelism"},
      {"spec.completions", "completions"},
      {"spec.completionMode", "completionMode"},
      {"spec.backoffLimit", "backoffLimit"},
      {"spec.backoffLimitPerIndex", "backoffLimitPerIndex"},
      {"spec.maxFailedIndexes", "maxFailedIndexes"},
      {"spec.activeDeadlineSeconds", "activeDeadlineSeconds"},
      {"spec.podReplacementPolicy", "podReplacementPolicy"},
      {"spec.template.metadata.labels", "pod.labels"},
      {"spec.template.metadata.annotations", "pod.annotations"},
      {"metadata.namespace", "pod.namespace"},
      {"spec.template.spec", "pod"},
      {"metadata.name", "name"}};
  return kMembers;
}

// Members of a CronJob that are its own.
const std::vector<MemberName>& cron_members() {
  static const std::vector<MemberName> kMembers = {
      {"spec.schedule", "schedule"},
      {"spec.concurrencyPolicy", "concurrencyPolicy"},
      {"spec.startingDeadlineSeconds", "startingDeadlineSeconds"},
      {"spec.successfulJobsHistoryLimit", "successfulJobsHistoryLimit"},
      {"spec.failedJobsHistoryLimit", "failedJobsHistoryLimit"}};
  return kMembers;
}

std::vector<MemberName> cron_job_members() {
  std::vector<MemberName> members = {
      {"spec.jobTemplate.spec.parallelism", "parallelism"},
      {"spec.jobTemplate.spec.completions", "completions"},
      {"spec.jobTemplate.spec.completionMode", "completionMode"},
      {"spec.jobTemplate.spec.backoffLimit", "backoffLimit"},
      {"spec.jobTemplate.spec.backoffLimitPerIndex", "backoffLimitPerIndex"},
      {"spec.jobTemplate.spec.maxFailedIndexes", "maxFailedIndexes"},
      {"spec.jobTemplate.spec.activeDeadlineSeconds", "activeDeadlineSeconds"},
      {"spec.jobTemplate.spec.podReplacementPolicy", "podReplacementPolicy"},
      {"spec.jobTemplate.spec.template.metadata.labels", "pod.labels"},
      {"spec.jobTemplate.spec.template.metadata.annotations", "pod.annotations"},
      {"metadata.namespace", "pod.namespace"},
      {"spec.jobTemplate.spec.template.spec", "pod"},
      {"metadata.name", "name"}};
  members.insert(members.begin(), cron_members().begin(), cron_members().end());
  return members;
}

const Shape& cron_job_shape() {
  static const Shape kShape{.taken = {{"schedule"},
                                      {"concurrencyPolicy"},
                                      {"startingDeadlineSeconds"},
                                      {"successfulJobsHistoryLimit"},
                                      {"failedJobsHistoryLimit"}},
                            .nothing = {},
                            .apart = {"jobTemplate", "suspend", "timeZone"}};
  return kShape;
}

ManifestItem item_of(const KubeObject& object, Value item, const std::vector<MemberName>& members) {
  return {"workloads",           std::move(item), object.label(), object.kind,
          object.namespace_name, object.name,     members};
}

std::optional<ManifestItem> read_job(const KubeObject& object, const Value& spec,
                                     ManifestReading& reading) {
  Value item = make_item(object, "job");
  item.set("at", config::write_duration(reading.options.at));
  read_job_spec(object, spec, "spec", reading, item);
  return item_of(object, std::move(item), job_members());
}

std::optional<ManifestItem> read_cron_job(const KubeObject& object, const Value& spec,
                                          ManifestReading& reading) {
  Value item = make_item(object, "cron_job");
  note_rest(object, spec, cron_job_shape(), "spec", reading.notes);
  copy_members(object, cron_members(), item);
  const std::string zone = text_at(spec, "timeZone");
  if (!zone.empty() && zone != "UTC" && zone != "Etc/UTC") {
    reading.notes.cannot(object, "timeZone of CronJobs: their schedules are taken as UTC");
  }
  const Value* job = value_at(spec, "jobTemplate.spec");
  if (job == nullptr || job->as_object() == nullptr) {
    object_error(object, spec, "spec.jobTemplate.spec", "missing, or no object", reading.problems);
    return std::nullopt;
  }
  read_job_spec(object, *job, "spec.jobTemplate.spec", reading, item);
  return item_of(object, std::move(item), cron_job_members());
}

// One pod that nobody replaces.
std::optional<ManifestItem> read_pod(const KubeObject& object, ManifestReading& reading) {
  static const std::vector<MemberName> kMembers = {{"metadata.labels", "pod.labels"},
                                                   {"metadata.annotations", "pod.annotations"},
                                                   {"metadata.namespace", "pod.namespace"},
                                                   {"spec", "pod"},
                                                   {"metadata.name", "name"}};
  Value item = make_item(object, "arrivals");
  item.set("as", "pod");
  item.set("process", "regular");
  const std::string at = config::write_duration(reading.options.at);
  Value burst;
  burst.set("kind", "bursts");
  burst.set("size", 1);
  burst.set("at", at);
  burst.set("every", "1s");
  item.set("rates", Value::List{burst});
  item.set("from", at);
  item.set("to", config::write_duration(reading.options.at + std::chrono::seconds(1)));
  const std::string policy = text_at(*object.value, "spec.restartPolicy");
  if (policy == "OnFailure" || policy == "Never") {
    if (!reading.options.run_for) {
      reading.notes.assume(fmt::format(
          "bare pods that end run for {}: a manifest does not say how long; `run_for` of the "
          "workload does",
          config::write_duration(kRunFor)));
    }
    item.set("run_for", config::write_duration(reading.options.run_for.value_or(kRunFor)));
  }
  if (value_at(*object.value, "spec.nodeName") != nullptr)
    reading.notes.cannot(object, kBoundByHand);
  item.set("pod", reading.pods.pod_of(object, *object.value, "", RestartRule::kAny));
  return item_of(object, std::move(item), kMembers);
}

}  // namespace

std::optional<ManifestItem> read_batch(const KubeObject& object, ManifestReading& reading) {
  if (object.kind == "Pod") return read_pod(object, reading);
  const Value* spec = value_at(*object.value, "spec");
  if (spec == nullptr || spec->as_object() == nullptr) {
    object_error(object, *object.value, "spec", "missing, or no object", reading.problems);
    return std::nullopt;
  }
  const Value* completions = value_at(*spec, "completions");
  if (completions != nullptr && completions->as_int64() == 0) {
    reading.notes.cannot(object, "a Job without completions, which makes no pods: it is left out");
    return std::nullopt;
  }
  if (is_suspended(object)) {
    reading.notes.cannot(object,
                         fmt::format("a {} that is suspended: it is left out", object.kind));
    return std::nullopt;
  }
  return object.kind == "Job" ? read_job(object, *spec, reading)
                              : read_cron_job(object, *spec, reading);
}

}  // namespace casim::sim
