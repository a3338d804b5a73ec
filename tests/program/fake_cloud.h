// EC2 for a program under test: tests/provider/fake_ec2.h behind HTTP, on a thread of its own.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "src/ec2/query/codec.h"
#include "src/http/server.h"
#include "src/live/system_clock.h"
#include "tests/provider/fake_ec2.h"

namespace casim::live {

class FakeCloud {
 public:
  FakeCloud() {
    ec2_.latency = std::chrono::milliseconds(4);
    thread_ = std::thread([this] { io_.run(); });
  }

  ~FakeCloud() {
    ask<int>([this] {
      casim::spawn(io_.get_executor(), stop());
      return 0;
    });
    thread_.join();
  }

  FakeCloud(const FakeCloud&) = delete;
  FakeCloud& operator=(const FakeCloud&) = delete;

  std::string url() const { return server_.url(); }

  // Runs on its thread, between two calls.
  template <class T>
  T ask(std::function<T()> question) {
    std::promise<T> answer;
    asio::post(io_, [&] { answer.set_value(question()); });
    return answer.get_future().get();
  }

  provider::FakeEc2& ec2() { return ec2_; }  // inside ask()

  // Live machines by the value of that tag.
  std::map<std::string, int> live_by_tag(const std::string& key) {
    return ask<std::map<std::string, int>>([this, key] { return ec2_.live_by_tag(key); });
  }

  int live() {
    return ask<int>([this] {
      return static_cast<int>(std::ranges::count_if(ec2_.instances, [](const auto& entry) {
        return entry.second.state != ec2::InstanceState::kTerminated;
      }));
    });
  }

 private:
  Awaitable<http::Reply> answer(http::Request request) {
    authorizations_.push_back(std::string(request["authorization"]));
    http::Response reply;
    reply.set("x-amzn-RequestId", "request-1");
    const auto asked = ec2::query::decode_request(request.body());
    if (!asked) co_return fail(std::move(reply), asked.error());
    ec2::AnyRequest copy = *asked;
    const ec2::Attempt<ec2::AnyReply> done = co_await ec2_.call(std::move(copy));
    if (!done) co_return fail(std::move(reply), done.error());
    reply.result(200);
    reply.body() = ec2::query::encode_reply(*done, "request-1");
    co_return reply;
  }

  static http::Reply fail(http::Response reply, const ec2::AttemptError& error) {
    if (error.fault != ec2::Fault::kNone) return http::BrokenReply{"", true};
    reply.result(static_cast<unsigned>(error.http_status));
    reply.body() = ec2::query::encode_error(error, "request-1");
    return reply;
  }

  Awaitable<void> stop() {
    co_await server_.shut_down(std::chrono::seconds(1));
    work_.reset();
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{io_.get_executor()};
  SystemClock clock_{io_.get_executor()};
  provider::FakeEc2 ec2_{clock_, io_.get_executor()};
  std::vector<std::string> authorizations_;
  http::Server server_{
      io_.get_executor(), {}, [this](http::Request request) { return answer(std::move(request)); }};
  std::thread thread_;
};

}  // namespace casim::live
