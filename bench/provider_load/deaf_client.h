// A client of HTTP/2 that asks and does not listen any more: it has taken note of the server's
// settings, opens a stream for each request, reads nothing from its socket and grants no window
// beyond the first 64 KiB. Not gRPC's own client, which reads as soon as anything of the process
// polls.
#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "bench/provider_load/closed_loop.h"

namespace casim::bench {

class DeafClient {
 public:
  explicit DeafClient(int port);  // on loopback

  // False: the server has closed the connection.
  bool ask(const CallBytes& call);

 private:
  bool send(const std::string& bytes);

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::uint32_t next_stream_ = 1;
};

}  // namespace casim::bench
