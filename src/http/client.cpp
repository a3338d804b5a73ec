#include "src/http/client.h"

#include <algorithm>
#include <list>
#include <optional>
#include <stdexcept>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/string.hpp>

#include "src/http/connection.h"

namespace casim::http {

namespace beast = boost::beast;

std::string_view ClientReply::header(std::string_view name) const {
  const auto found = std::ranges::find_if(
      headers, [name](const HeaderField& field) { return beast::iequals(field.first, name); });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

struct Client::State {
  struct Idle {
    std::unique_ptr<Connection> connection;
    TimePoint since;
  };

  State(ClientOptions o, Clock& c, asio::any_io_executor e)
      : options(std::move(o)), clock(c), executor(std::move(e)) {}

  void prepare_tls();
  void use_own_certificate();
  std::unique_ptr<Connection> take_idle();
  void keep(std::unique_ptr<Connection> connection);
  Request to_beast(ClientRequest request) const;

  const ClientOptions options;
  Clock& clock;
  const asio::any_io_executor executor;
  std::optional<asio::ssl::context> tls;
  std::list<Idle> idle;  // the one used last in front
  Totals totals;
};

void Client::State::prepare_tls() {
  if (!options.server.is_tls) return;
  tls.emplace(asio::ssl::context::tls_client);
  tls->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                   asio::ssl::context::no_tlsv1_1);
  tls->set_verify_mode(options.tls.verifies ? asio::ssl::verify_peer : asio::ssl::verify_none);
  boost::system::error_code error;
  if (!options.tls.ca_pem.empty()) {
    tls->add_certificate_authority(asio::buffer(options.tls.ca_pem), error);
  } else if (options.ca_file.empty()) {
    tls->set_default_verify_paths(error);
  } else {
    tls->load_verify_file(options.ca_file.string(), error);
  }
  if (error) {
    throw std::runtime_error("cannot read the CA certificates in " + options.ca_file.string() +
                             ": " + error.message());
  }
  if (!options.tls.certificate_pem.empty()) use_own_certificate();
}

void Client::State::use_own_certificate() {
  boost::system::error_code error;
  tls->use_certificate_chain(asio::buffer(options.tls.certificate_pem), error);
  if (!error) {
    tls->use_private_key(asio::buffer(options.tls.key_pem), asio::ssl::context::pem, error);
  }
  if (error) {
    throw std::runtime_error("cannot use the client's certificate: " + error.message());
  }
}

std::unique_ptr<Connection> Client::State::take_idle() {
  while (!idle.empty()) {
    Idle last = std::move(idle.front());
    idle.pop_front();
    // A server closes what is idle for long; a request on such a connection would be lost.
    const bool is_old = clock.now() - last.since >= options.idle_timeout;
    if (!is_old && last.connection->is_quiet()) return std::move(last.connection);
  }
  return nullptr;
}

void Client::State::keep(std::unique_ptr<Connection> connection) {
  idle.push_front({std::move(connection), clock.now()});
  if (idle.size() > options.max_idle) idle.pop_back();
}

Request Client::State::to_beast(ClientRequest request) const {
  Request out;
  out.method_string(request.method);
  out.target(request.target);
  out.version(11);
  out.set(beast::http::field::host, options.server.authority());
  for (const auto& [name, value] : request.headers) out.insert(name, value);
  out.body() = std::move(request.body);
  out.prepare_payload();
  return out;
}

Client::Client(ClientOptions options, Clock& clock, asio::any_io_executor executor)
    : state_(std::make_unique<State>(std::move(options), clock, std::move(executor))) {
  state_->prepare_tls();
}

Client::~Client() = default;

const Url& Client::server() const { return state_->options.server; }

Client::Totals Client::totals() const { return state_->totals; }

Awaitable<std::expected<ClientReply, ClientError>> Client::send(ClientRequest request) {
  State& s = *state_;
  ++s.totals.requests;
  const Request out = s.to_beast(std::move(request));
  std::unique_ptr<Connection> connection = s.take_idle();
  if (!connection) {
    ++s.totals.connections;
    connection = make_connection(s.executor, s.tls ? &*s.tls : nullptr);
    std::optional<ClientError> error = co_await connection->open(s.options);
    if (error) co_return std::unexpected(*std::move(error));
  }
  std::expected<Response, ClientError> reply = co_await connection->exchange(out, s.options);
  if (!reply) co_return std::unexpected(std::move(reply.error()));
  if (reply->keep_alive()) s.keep(std::move(connection));
  ClientReply answer;
  answer.status = static_cast<int>(reply->result_int());
  for (const auto& field : *reply) {
    answer.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  answer.body = std::move(reply->body());
  co_return answer;
}

}  // namespace casim::http
