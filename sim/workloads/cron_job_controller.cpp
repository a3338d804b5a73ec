#include "sim/workloads/cron_job_controller.h"

#include <algorithm>
#include <utility>

namespace casim::sim {
namespace {

// nextScheduleDelta: how long after its time a Job is made.
constexpr Duration kAfterDue = std::chrono::milliseconds(100);
constexpr int kCronJobWorkers = 5;  // --concurrent-cron-job-syncs

}  // namespace

CronJobController::CronJobController(ApiServer& api, ApiClientConfig client, CronJobJobs& jobs)
    : api_(api),
      client_(api.add_client(std::move(client))),
      events_(api.kernel(), client_),
      jobs_(jobs),
      queue_(api.kernel(), kCronJobWorkers, [this](Number number) { begin(number); }) {}

CronJobController::Number CronJobController::create(std::string uid, CronJobSpec spec) {
  const Number number = static_cast<Number>(known_.size());
  Known& known = known_.emplace_back();
  known.uid = std::move(uid);
  known.spec = std::move(spec);
  known.created = cut_to_second(now());
  if (is_started_) queue_.add(number);
  return number;
}

void CronJobController::change(Number number, CronJobSpec spec) {
  known_[number].spec = std::move(spec);
  if (is_started_) queue_.add(number);
}

void CronJobController::start() {
  is_started_ = true;
  for (Number number = 0; number < known_.size(); ++number) queue_.add(number);
}

void CronJobController::on_job_finished(Number number, WallTime due, bool has_succeeded) {
  Job* job = find(number, due);
  if (job == nullptr) return;
  job->state = has_succeeded ? JobState::kSucceeded : JobState::kFailed;
  if (is_started_) queue_.add(number);
}

void CronJobController::on_job_gone(Number number, WallTime due) {
  std::vector<Job>& jobs = known_[number].jobs;
  if (std::erase_if(jobs, [&](const Job& job) { return job.due == due; }) == 0) return;
  known_[number].is_changed = true;
  if (is_started_) queue_.add(number);
}

void CronJobController::write(Number number, ApiClient::Done<void> done) {
  Known& known = known_[number];
  client_.write(known.uid, known.requests++, [] { return Result<void>(); }, std::move(done));
}

void CronJobController::begin(Number number) {
  Known& known = known_[number];
  known.to_delete.clear();
  collect_history(known, JobState::kSucceeded, known.spec.successful_history);
  collect_history(known, JobState::kFailed, known.spec.failed_history);
  delete_next(number, true);
}

void CronJobController::collect_history(Known& known, JobState state, std::int32_t limit) const {
  std::int64_t surplus =
      std::ranges::count_if(known.jobs, [&](const Job& job) { return job.state == state; }) - limit;
  for (const Job& job : known.jobs) {
    if (job.state == state && surplus-- > 0) known.to_delete.push_back(job.due);
  }
}

void CronJobController::delete_next(Number number, bool is_cleanup) {
  Known& known = known_[number];
  if (known.to_delete.empty()) return is_cleanup ? decide(number) : create_job(number);
  write(number, [this, number, is_cleanup](const Result<void>& deleted) {
    if (!deleted) return end(number, false);
    Known& mine = known_[number];
    const WallTime due = mine.to_delete.front();
    mine.to_delete.erase(mine.to_delete.begin());
    if (std::erase_if(mine.jobs, [&](const Job& job) { return job.due == due; }) > 0) {
      mine.is_changed = true;
      events_.record(mine.uid);
      jobs_.delete_job(number, due);
    }
    delete_next(number, is_cleanup);
  });
}

// Which have finished since, and leave the list of active ones.
bool CronJobController::settle_finished(Known& known) {
  bool has_changed = false;
  for (Job& job : known.jobs) {
    if (job.state == JobState::kRunning || !job.is_active) continue;
    job.is_active = false;
    has_changed = true;
    events_.record(known.uid);
  }
  return has_changed;
}

void CronJobController::decide(Number number) {
  Known& known = known_[number];
  if (settle_finished(known)) known.is_changed = true;
  if (known.spec.is_suspended) return write_status(number);
  const std::optional<WallTime> due = due_now(known);
  if (!due || due == known.last_due) return write_status(number);
  const bool is_running = std::ranges::any_of(known.jobs, &Job::is_active);
  if (is_running && known.spec.concurrency == CronConcurrency::kForbid) {
    return write_status(number);
  }
  known.to_create = due;
  if (known.spec.concurrency == CronConcurrency::kReplace) {
    for (const Job& job : known.jobs) {
      if (job.is_active) known.to_delete.push_back(job.due);
    }
  }
  delete_next(number, false);
}

void CronJobController::create_job(Number number) {
  write(number, [this, number](const Result<void>& created) {
    if (!created) return end(number, false);
    Known& known = known_[number];
    const WallTime due = *std::exchange(known.to_create, std::nullopt);
    known.jobs.push_back({due});
    known.last_due = due;
    known.is_changed = true;
    events_.record(known.uid);
    jobs_.create_job(number, due);
    write_status(number);
  });
}

void CronJobController::write_status(Number number) {
  if (!known_[number].is_changed) return end(number, true);
  write(number, [this, number](const Result<void>& written) {
    if (!written) return end(number, false);
    known_[number].is_changed = false;
    end(number, true);
  });
}

void CronJobController::end(Number number, bool is_ok) {
  Known& known = known_[number];
  known.to_create.reset();
  if (is_ok) {
    if (const auto next = until_next(known)) queue_.add_after(number, *next);
  }
  queue_.end(number, is_ok);
}

// The latest due time that has passed and is not too old; it may have been served already.
std::optional<WallTime> CronJobController::due_now(const Known& known) const {
  WallTime from = known.last_due.value_or(known.created);
  if (known.spec.starting_deadline_s) {
    from = std::max(from, now() - std::chrono::seconds(*known.spec.starting_deadline_s));
  }
  return latest_missed(known.spec.schedule, from);
}

// Upstream's reckoning, which jumps by the distance of the first two due times and so may miss one
// of an uneven schedule.
std::optional<WallTime> CronJobController::latest_missed(const CronSchedule& schedule,
                                                         WallTime from) const {
  const auto first = schedule.next(from);
  if (!first || now() < *first) return std::nullopt;
  const auto second = schedule.next(*first);
  if (!second) return std::nullopt;
  if (now() < *second) return first;
  const Duration distance = *second - *first;
  const std::int64_t missed = (now() - *first) / distance + 1;
  std::optional<WallTime> latest;
  auto due = schedule.next(*first + (missed - 2) * distance);
  for (; due && *due <= now(); due = schedule.next(*due)) latest = due;
  return latest;
}

// Nothing: no due time is left, or it is suspended.
std::optional<Duration> CronJobController::until_next(const Known& known) const {
  if (known.spec.is_suspended) return std::nullopt;
  const WallTime from = known.last_due.value_or(known.created);
  auto next = known.spec.schedule.next(latest_missed(known.spec.schedule, from).value_or(from));
  // Upstream spins where its reckoning has missed a due time.
  if (next && *next + kAfterDue <= now()) next = known.spec.schedule.next(now());
  if (!next) return std::nullopt;
  return *next + kAfterDue - now();
}

CronJobController::Job* CronJobController::find(Number number, WallTime due) {
  for (Job& job : known_[number].jobs) {
    if (job.due == due) return &job;
  }
  return nullptr;
}

}  // namespace casim::sim
