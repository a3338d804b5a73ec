// What operators and their machines ask by HTTP: /metrics, /readyz, /healthz.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "src/core/asio.h"
#include "src/http/server.h"

namespace casim::live {

struct HealthAnswer {
  bool is_well = true;
  std::string text;
};

struct HealthQuestions {
  std::function<HealthAnswer()> is_ready;  // takes calls: /readyz
  std::function<HealthAnswer()> is_alive;  // need not be restarted: /healthz
  std::function<std::string()> metrics;
};

class HttpFace {
 public:
  // "host:port". Throws std::runtime_error where it cannot listen.
  HttpFace(asio::any_io_executor executor, const std::string& address, HealthQuestions questions);

  int port() const { return server_.port(); }

  Awaitable<void> shut_down();

 private:
  http::Response answer(const http::Request& request) const;

  HealthQuestions questions_;
  http::Server server_;
};

}  // namespace casim::live
