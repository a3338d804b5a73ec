#include "sim/ec2_face/live_ec2.h"

#include <algorithm>
#include <utility>

#include "sim/ec2/ec2_model.h"
#include "sim/ec2_face/admin.h"
#include "sim/ec2_face/call_counts.h"
#include "sim/ec2_face/ec2_face.h"
#include "sim/ec2_face/live_faults.h"
#include "sim/ec2_face/pace.h"
#include "sim/ec2_face/rest_face.h"
#include "sim/faults/targets.h"
#include "src/core/random.h"

namespace casim::sim {
namespace {

// No waiter of an SDK asks longer, in real time (ec2.md 1.4): so long it must find what it waits
// for, however fast virtual time is.
constexpr Duration kLongestWaiter = std::chrono::hours(1);

Ec2Config visible_for_waiters(Ec2Config config, double speed) {
  const auto least = std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(to_seconds(kLongestWaiter) * std::max(1.0, speed)));
  config.terminated_visible = std::max(config.terminated_visible, least);
  return config;
}

}  // namespace

struct LiveEc2::State {
  State(asio::io_context& io, Clock& real, LiveEc2Options options);

  std::unique_ptr<Pace> make_pace(asio::io_context& io, Clock& real, const LiveEc2Options& options);

  Kernel kernel;
  Random random;
  CallCounts calls;
  Ec2ConditionSet conditions;
  Ec2Model model;
  const Ec2FaultTargets fault_targets;
  LiveFaults faults;
  std::unique_ptr<Pace> pace;
  Ec2Face face;
  RestFace rest;
  Admin admin;
  http::Server api_server;
  http::Server admin_server;
};

LiveEc2::State::State(asio::io_context& io, Clock& real, LiveEc2Options options)
    : kernel(cut_to_second(real.wall_now())),
      random(options.seed),
      model(kernel, random, calls,
            visible_for_waiters(std::move(options.ec2), options.stepped ? 1 : options.speed),
            conditions),
      fault_targets{.kernel = kernel,
                    .random = random,
                    .facts = calls,
                    .ec2 = model,
                    .ec2_conditions = conditions},
      faults(fault_targets),
      pace(make_pace(io, real, options)),
      face(model, random, real, pace->executor(),
           SignatureCheck(options.signatures, std::move(options.credentials))),
      rest(face, std::move(options.rest)),
      admin({.kernel = kernel,
             .model = model,
             .pace = *pace,
             .calls = calls,
             .faults = faults,
             .speed = options.stepped ? 0 : options.speed}),
      api_server(pace->executor(), std::move(options.api),
                 [this](http::Request request) {
                   return is_rest_request(request) ? rest.answer(std::move(request))
                                                   : face.answer(std::move(request));
                 }),
      admin_server(pace->executor(), std::move(options.admin),
                   [this](http::Request request) { return admin.answer(std::move(request)); }) {
  arm_all_at_ec2(options.faults, fault_targets);
}

std::unique_ptr<Pace> LiveEc2::State::make_pace(asio::io_context& io, Clock& real,
                                                const LiveEc2Options& options) {
  if (!options.stepped) return std::make_unique<PacedTime>(kernel, io, real, options.speed);
  return std::make_unique<SteppedTime>(kernel, io, [this] { return face.calls_under_way() > 0; });
}

LiveEc2::LiveEc2(asio::io_context& io, Clock& real, LiveEc2Options options)
    : state_(std::make_unique<State>(io, real, std::move(options))) {}

LiveEc2::~LiveEc2() = default;

std::string LiveEc2::url() const { return state_->api_server.url(); }

std::string LiveEc2::admin_url() const { return state_->admin_server.url(); }

void LiveEc2::run() { state_->pace->run(); }

Awaitable<void> LiveEc2::shut_down(Duration grace) {
  co_await state_->api_server.shut_down(grace);
  co_await state_->admin_server.shut_down(grace);
  state_->pace->request_stop();
}

asio::any_io_executor LiveEc2::executor() { return state_->pace->executor(); }

}  // namespace casim::sim
