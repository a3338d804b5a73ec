// A client of blocking calls, for a thread of its own: writes bytes, reads replies.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace casim::http {

class TestClient {
 public:
  explicit TestClient(int port) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
  }

  void send(const std::string& bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

  // All until the other end closes; "reset" behind it where that was a reset.
  std::string rest() {
    boost::system::error_code error;
    std::string text = std::exchange(left_, "");
    boost::asio::read(socket_, boost::asio::dynamic_buffer(text), error);
    return error == boost::asio::error::connection_reset ? text + "reset" : text;
  }

  // A reply with Content-Length.
  std::string reply() {
    const std::size_t head = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(left_),
                                                     std::string("\r\n\r\n"));
    const std::string name = "Content-Length: ";
    const std::size_t at = left_.find(name);
    const std::size_t length = at < head ? std::stoul(left_.substr(at + name.size())) : 0;
    if (left_.size() < head + length) {
      boost::asio::read(socket_, boost::asio::dynamic_buffer(left_),
                        boost::asio::transfer_exactly(head + length - left_.size()));
    }
    const std::string reply = left_.substr(0, head + length);
    left_.erase(0, head + length);
    return reply;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::string left_;
};

}  // namespace casim::http
