#include "bench/provider_load/deaf_client.h"

#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

namespace casim::bench {
namespace {

using boost::asio::ip::tcp;

// Numbers of RFC 9113, section 6.
constexpr char kData = 0x0;
constexpr char kHeaders = 0x1;
constexpr char kSettings = 0x4;
constexpr char kAck = 0x1;
constexpr char kEndStream = 0x1;
constexpr char kEndHeaders = 0x4;

std::string big_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 0xff);
  }
  return out;
}

std::string frame(char type, char flags, std::uint32_t stream, const std::string& payload) {
  return big_endian(static_cast<std::uint32_t>(payload.size()), 3) + type + flags +
         big_endian(stream, 4) + payload;
}

// A literal with a new name, in no table (RFC 7541, 6.2.2). Requires: both shorter than 127.
std::string header(std::string_view name, std::string_view value) {
  std::string out(1, '\0');
  for (const std::string_view text : {name, value}) {
    out += static_cast<char>(text.size());
    out += text;
  }
  return out;
}

}  // namespace

DeafClient::DeafClient(int port) {
  socket_.connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)});
  socket_.set_option(tcp::no_delay(true));
  send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(kSettings, 0, 0, "") +
       frame(kSettings, kAck, 0, ""));
}

bool DeafClient::ask(const CallBytes& call) {
  const std::string path =
      "/clusterautoscaler.cloudprovider.v1.externalgrpc.CloudProvider/" + call.method;
  const std::string headers = header(":method", "POST") + header(":scheme", "http") +
                              header(":path", path) + header(":authority", "localhost") +
                              header("te", "trailers") + header("content-type", "application/grpc");
  const std::string message =
      '\0' + big_endian(static_cast<std::uint32_t>(call.request.size()), 4) + call.request;
  const std::uint32_t stream = next_stream_;
  next_stream_ += 2;
  return send(frame(kHeaders, kEndHeaders, stream, headers) +
              frame(kData, kEndStream, stream, message));
}

bool DeafClient::send(const std::string& bytes) {
  boost::system::error_code error;
  boost::asio::write(socket_, boost::asio::buffer(bytes), error);
  return !error;
}

}  // namespace casim::bench
