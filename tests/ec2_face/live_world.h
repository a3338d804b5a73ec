// casim ec2 in this process, and a client in a thread of its own. Time is stepped, so nothing here
// waits.
#pragma once

#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "sim/ec2_face/live_ec2.h"
#include "src/async/task_scope.h"
#include "src/ec2/query/codec.h"
#include "src/live/system_clock.h"
#include "tests/catch.h"
#include "tests/http/client.h"

namespace casim::sim {

inline LiveEc2Options stepped(SignatureMode signatures = SignatureMode::kOff) {
  LiveEc2Options options;
  options.stepped = true;
  options.signatures = signatures;
  return options;
}

// A reply in parts.
struct HttpAnswer {
  int status = 0;
  std::string head;
  std::string body;

  // The value of a header; empty: it is not there.
  std::string header(const std::string& name) const {
    const std::size_t at = head.find("\r\n" + name + ": ");
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }

  // The error that a client reads there; empty: none.
  std::string code() const {
    const auto reply = ec2::query::decode_reply(ec2::Action::kDescribeInstances, status, body);
    return reply ? "" : std::string(reply.error().code.text());
  }
};

inline int port_of(const std::string& url) { return std::stoi(url.substr(url.rfind(':') + 1)); }

// One connection to either address.
class Caller {
 public:
  explicit Caller(const std::string& url) : client_(port_of(url)) {}

  HttpAnswer ask(const std::string& method, const std::string& target, const std::string& body = "",
                 const std::string& headers = "") {
    client_.send(fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n{}", method,
                             target, body.size(), headers, body));
    const std::string text = client_.reply();
    const std::size_t head = text.find("\r\n\r\n") + 4;
    return {std::stoi(text.substr(9, 3)), text.substr(0, head), text.substr(head)};
  }

  HttpAnswer form(const std::string& parameters) {
    return ask("POST", "/", "Version=2016-11-15&" + parameters,
               "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\n");
  }

  // What the server sends until it closes.
  std::string broken(const std::string& parameters) {
    const std::string body = "Version=2016-11-15&" + parameters;
    client_.send(fmt::format("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{}",
                             body.size(), body));
    return client_.rest();
  }

 private:
  http::TestClient client_;
};

class LiveWorld {
 public:
  explicit LiveWorld(LiveEc2Options options = stepped()) : ec2(io_, real_, std::move(options)) {}

  // Runs the client beside the server, which goes down when it is through.
  void meet(const std::function<void()>& client) {
    std::exception_ptr failed;
    std::thread other([&] {
      try {
        client();
      } catch (...) {
        failed = std::current_exception();
      }
      spawn(ec2.executor(), ec2.shut_down(std::chrono::seconds(10)));
    });
    ec2.run();
    other.join();
    if (failed) std::rethrow_exception(failed);
  }

 private:
  boost::asio::io_context io_{1};
  SystemClock real_{io_.get_executor()};

 public:
  LiveEc2 ec2;
};

inline const std::string kLaunch =
    "Action=RunInstances&MinCount=1&MaxCount=1&ImageId=ami-1&InstanceType=m6i.large";

}  // namespace casim::sim
