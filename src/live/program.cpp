#include "src/live/program.h"

#include <csignal>
#include <cstdlib>
#include <exception>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "src/async/task_scope.h"
#include "src/async/turn.h"
#include "src/async/turn_executor.h"
#include "src/ec2/http/http_api.h"
#include "src/live/adopt.h"
#include "src/live/http_face.h"
#include "src/live/log.h"
#include "src/live/plan.h"
#include "src/live/system_clock.h"
#include "src/live/tls_check.h"
#include "src/live/watch.h"
#include "src/provider/provider.h"
#include "src/provider/sqlite_store.h"
#include "src/server/grpc_runtime.h"

namespace casim::live {
namespace {

// Calls that began before a reload have so long to end.
constexpr Duration kReloadPatience = std::chrono::seconds(10);
constexpr Duration kUnwindStep = std::chrono::milliseconds(5);
constexpr int kUnwindSteps = 2000;

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::unique_ptr<provider::SqliteStore> open_store(const ProviderFile& file,
                                                  asio::any_io_executor executor) {
  auto store = provider::SqliteStore::open({file.store.file, file.cluster}, std::move(executor));
  if (!store) throw std::runtime_error(store.error().message);
  return std::move(*store);
}

// A provider between start and reload.
struct Life {
  Life(const ProviderFile& file, const std::string& region,
       const provider::Ec2Machines::Ports& machine_ports, provider::Store& store,
       provider::Observer& observer)
      : machines(file.cluster, machine_ports, plan_machines(file)),
        provider(plan_provider(file, region), {.clock = machine_ports.clock,
                                               .store = store,
                                               .machines = machines,
                                               .observer = observer,
                                               .random = machine_ports.random,
                                               .executor = machine_ports.executor}) {}

  provider::Ec2Machines machines;
  provider::Provider provider;
};

class Program {
 public:
  Program(const ProviderFile& file, const ProgramOptions& options);

  // Until a signal ends it. False: it could not start.
  bool run();

 private:
  Awaitable<void> serve();
  std::unique_ptr<Life> make_life(const ProviderFile& file);
  Result<void> listen();
  Awaitable<Result<void>> start();
  void log_listening();
  Awaitable<void> reload();
  Awaitable<void> swap_life(ProviderFile wanted);
  Awaitable<void> shut_down();
  Awaitable<void> unwind(Life& life);
  Awaitable<void> watch_certificate();
  Awaitable<void> watch_store();
  HealthAnswer readiness() const;
  HealthAnswer liveness() const;

  server::GrpcRuntime runtime_;
  Turn turn_;  // guards all that follows, once calls are taken
  asio::io_context io_{1};
  const asio::any_io_executor executor_{TurnExecutor(io_.get_executor(), turn_)};
  SystemClock clock_{executor_};
  ProviderFile file_;
  const ProgramOptions options_;
  Log log_;
  Watch watch_{clock_, log_};
  const Random random_{random_seed()};
  const std::string region_;
  http::Client client_;
  std::unique_ptr<ec2::CredentialSource> credentials_;
  ec2::HttpApi api_;
  std::unique_ptr<provider::SqliteStore> store_;
  server::ProviderService service_;
  std::unique_ptr<Life> life_;
  std::optional<HttpFace> http_;
  TaskScope background_{executor_};
  std::optional<server::LiveServer> server_;  // goes first: its thread takes turns
  bool is_started_ = false;
  bool is_draining_ = false;
};

Program::Program(const ProviderFile& file, const ProgramOptions& options)
    : file_(file),
      options_(options),
      log_(file.log, clock_),
      region_(plan_region(file, options.environment)),
      client_(plan_client(file, region_, options.environment), clock_, executor_),
      credentials_(plan_credentials(file.ec2.credentials, options.environment, clock_, executor_)),
      api_(region_,
           {.clock = clock_, .client = client_, .credentials = *credentials_, .observer = watch_}),
      store_(open_store(file, executor_)),
      service_(
          {.clock = clock_, .executor = executor_, .observer = watch_, .numbers_calls = true}) {}

std::unique_ptr<Life> Program::make_life(const ProviderFile& file) {
  const provider::Ec2Machines::Ports ports{
      .api = api_, .clock = clock_, .random = random_, .observer = watch_, .executor = executor_};
  return std::make_unique<Life>(file, region_, ports, *store_, watch_);
}

// Calls that come before the provider is attached are answered UNAVAILABLE.
Result<void> Program::listen() {
  try {
    if (!file_.http.empty()) {
      http_.emplace(
          executor_, file_.http,
          HealthQuestions{
              .is_ready = [this] { return readiness(); },
              .is_alive = [this] { return liveness(); },
              .metrics =
                  [this] { return watch_.metrics_text(service_.provider(), store_->totals()); }});
    }
    server_.emplace(service_, executor_, plan_listen(file_.listen), &turn_);
    server_->set_serving(false);
    return {};
  } catch (const std::runtime_error& e) {
    return failure(ErrorCode::kFailedPrecondition, e.what());
  }
}

Awaitable<Result<void>> Program::start() {
  if (Result<void> listening = listen(); !listening) co_return listening;
  life_ = make_life(file_);
  if (store_->is_new()) {
    const Result<int> settled =
        co_await settle_new_store(life_->machines, *store_, options_.adopts);
    if (!settled) co_return std::unexpected<Error>(settled.error());
    log_.info("new store", {{"adopted", std::int64_t{*settled}}});
  }
  if (Result<void> started = life_->provider.start(); !started) co_return started;
  service_.attach(life_->provider);
  server_->set_serving(true);
  background_.spawn(watch_store());
  if (file_.listen.tls) background_.spawn(watch_certificate());
  is_started_ = true;
  co_return Result<void>();
}

void Program::log_listening() {
  log_.info("listening", {{"address", file_.listen.address},
                          {"port", std::int64_t{server_->port()}},
                          {"http_port", std::int64_t{http_ ? http_->port() : 0}},
                          {"tls", file_.listen.tls ? "yes" : "no"},
                          {"cluster", file_.cluster},
                          {"region", region_},
                          {"ec2", to_string(client_.server())},
                          {"groups", static_cast<std::int64_t>(file_.node_groups.size())}});
}

Awaitable<void> Program::serve() {
  asio::signal_set signals(executor_, SIGTERM, SIGINT, SIGHUP);
  const Result<void> started = co_await start();
  if (!started) log_.error("cannot start", {{"problem", started.error().message}});
  if (started) log_listening();
  while (started) {
    const int signal = co_await signals.async_wait(asio::use_awaitable);
    if (signal != SIGHUP) break;
    co_await reload();
  }
  co_await shut_down();
}

bool Program::run() {
  spawn(executor_, serve());
  try {
    io_.run();
  } catch (const std::exception& e) {
    // Tasks stand where they were, in what would be gone before them. As in any crash, nothing is
    // lost that was acknowledged.
    log_.error("cannot go on", {{"problem", e.what()}});
    std::_Exit(EXIT_FAILURE);
  }
  return is_started_;
}

Awaitable<void> Program::reload() {
  config::Problems problems;
  std::optional<ProviderFile> wanted = load_provider_file(options_.config, problems);
  if (!wanted) {
    log_.error("the new configuration is refused, the old one stays",
               {{"problems", problems.text()}});
    co_return;
  }
  std::string fixed;
  for (const std::string& path : fixed_differences(file_, *wanted)) fixed += " " + path;
  if (!fixed.empty()) {
    log_.error("the new configuration is refused, the old one stays: some of it needs a restart",
               {{"members", fixed.substr(1)}});
    co_return;
  }
  co_await swap_life(*std::move(wanted));
}

// A restart of the provider inside the process: what a crash survives, this does, too. Old and new
// change places in one turn of the executor, so no call finds neither.
Awaitable<void> Program::swap_life(ProviderFile wanted) {
  const TimePoint patient_until = clock_.now() + kReloadPatience;
  while (!service_.open_calls().empty() && clock_.now() < patient_until) {
    co_await clock_.sleep_for(kUnwindStep);
  }
  std::unique_ptr<Life> next = make_life(wanted);
  service_.detach();
  life_->provider.cancel();
  if (const Result<void> started = next->provider.start(); !started) {
    throw std::runtime_error("the provider cannot start again: " + started.error().message);
  }
  service_.attach(next->provider);
  std::swap(life_, next);
  file_ = std::move(wanted);
  log_.set(file_.log);
  log_.info("configuration reloaded",
            {{"groups", static_cast<std::int64_t>(file_.node_groups.size())}});
  co_await asio::post(executor_, asio::use_awaitable);  // calls have waited for long enough
  for (const provider::Slot& slot : life_->provider.slots()) {
    if (life_->provider.target_size(slot.group)) continue;
    log_.warning("a group is configured no more, and keeps its machines",
                 {{"group", slot.group}, {"instance", slot.instance_id}});
  }
  co_await unwind(*next);
  if (!next->provider.is_unwound()) static_cast<void>(next.release());
}

Awaitable<void> Program::unwind(Life& life) {
  for (int i = 0; i < kUnwindSteps && !life.provider.is_unwound(); ++i) {
    co_await clock_.sleep_for(kUnwindStep);
  }
}

Awaitable<void> Program::shut_down() {
  if (is_started_) log_.info("going down");
  is_draining_ = true;
  background_.cancel();
  if (server_) {
    server_->set_serving(false);
    co_await server_->shut_down(file_.drain_timeout);
  }
  if (life_) {
    life_->provider.cancel();
    co_await unwind(*life_);
    // A name that is still being looked up cannot be cancelled; the process ends anyway.
    if (!life_->provider.is_unwound()) static_cast<void>(life_.release());
  }
  if (http_) co_await http_->shut_down();
  if (is_started_) log_.info("went down");
}

// gRPC takes new files by itself; here it is said whether they can be used.
Awaitable<void> Program::watch_certificate() {
  std::string last_problem;
  std::optional<CertificateSeen> last;
  while (true) {
    const Result<CertificateSeen> seen = check_tls(*file_.listen.tls, clock_.wall_now());
    if (seen) {
      watch_.note_certificate(seen->expires);
      if (last && *last != *seen) log_.info("new certificate", {{"serial", seen->serial}});
      last = *seen;
      last_problem.clear();
    } else if (seen.error().message != last_problem) {
      last_problem = seen.error().message;
      log_.error("the certificate cannot be used", {{"problem", last_problem}});
    }
    co_await clock_.sleep_for(file_.listen.tls->reload_interval);
  }
}

// The health that gRPC tells is the one that is told over HTTP.
Awaitable<void> Program::watch_store() {
  bool is_well = true;
  while (!is_draining_) {
    if (liveness().is_well != is_well) server_->set_serving(is_well = !is_well);
    co_await clock_.sleep_for(std::chrono::seconds(1));
  }
}

HealthAnswer Program::readiness() const {
  if (is_draining_) return {false, "going down"};
  if (!is_started_) return {false, "starting"};
  return liveness();
}

HealthAnswer Program::liveness() const {
  const std::string broken = store_->broken();
  return broken.empty() ? HealthAnswer{true, "ok"} : HealthAnswer{false, broken};
}

}  // namespace

bool run_program(const ProviderFile& file, const ProgramOptions& options) {
  if (file.listen.tls) {
    asio::io_context io;
    const auto seen = check_tls(*file.listen.tls, SystemClock(io.get_executor()).wall_now());
    if (!seen) throw std::runtime_error("listen.tls: " + seen.error().message);
  }
  server::offer_reflection();
  Program program(file, options);
  return program.run();
}

}  // namespace casim::live
