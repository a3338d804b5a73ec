#include "sim/ec2_face/ec2_face.h"

#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/verb.hpp>

#include "src/ec2/query/codec.h"

namespace casim::sim {
namespace {

using Verb = boost::beast::http::verb;

std::string request_id(const Random& random, std::uint64_t n) {
  const std::uint64_t a = random.bits("ec2.request_id", 0, n);
  const std::uint64_t b = random.bits("ec2.request_id", 1, n);
  return fmt::format("{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}", a >> 32, a >> 16 & 0xFFFF, a & 0xFFF,
                     b >> 48 & 0xFFF, b & 0xFFFF'FFFF'FFFF);
}

// What EC2 asks for and the model, whose own callers always say it, does not.
template <class Request>
ec2::Attempt<void> complete(Request& /*request*/) {
  return {};
}

ec2::Attempt<void> complete(ec2::RunInstancesRequest& request) {
  const bool has_template =
      !request.launch_template.id.empty() || !request.launch_template.name.empty();
  if (request.image_id.empty() && !has_template) {
    return ec2::refuse(ec2::ErrorCode::kMissingParameter,
                       "The request must contain the parameter ImageId");
  }
  if (!request.instance_type.empty()) return {};
  if (has_template) {
    return ec2::refuse(ec2::ErrorCode::kMissingParameter,
                       "The request must contain the parameter InstanceType: what launch templates "
                       "hold is not known here");
  }
  request.instance_type = "m1.small";  // EC2's own default
  return {};
}

// Counts one up for as long as it lives.
class Counted {
 public:
  explicit Counted(int& count) : count_(count) { ++count_; }

  ~Counted() { --count_; }

  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  int& count_;
};

}  // namespace

Ec2Face::Ec2Face(Ec2Model& model, const Random& random, Clock& real, asio::any_io_executor executor,
                 SignatureCheck signatures)
    : model_(model),
      random_(random),
      real_(real),
      executor_(std::move(executor)),
      signatures_(std::move(signatures)) {}

Awaitable<http::Reply> Ec2Face::answer(http::Request request) {
  std::string id = co_await receive();
  WireAnswer answer = co_await call_by_form(std::move(request));
  co_return wire_reply(std::move(answer), stamp(std::move(id)));
}

Awaitable<std::string> Ec2Face::receive() {
  // What comes from a socket may run at once, while the world still stands at an earlier instant.
  co_await asio::post(executor_, asio::use_awaitable);
  co_return request_id(random_, requests_++);
}

Awaitable<WireAnswer> Ec2Face::call(ec2::AnyRequest request) {
  const Counted counted(under_way_);
  WireAnswer answer = co_await model_.call_on_wire(std::move(request));
  co_return answer;
}

Awaitable<WireAnswer> Ec2Face::call_by_form(http::Request request) {
  ec2::Attempt<ec2::AnyRequest> decoded = decode(request);
  if (!decoded) co_return WireAnswer{std::unexpected(std::move(decoded.error())), {}};
  WireAnswer answer = co_await call(*std::move(decoded));
  co_return answer;
}

ec2::Attempt<ec2::AnyRequest> Ec2Face::decode(const http::Request& request) const {
  if (auto caller = signatures_.check(request, real_.wall_now()); !caller) {
    return std::unexpected(std::move(caller.error()));
  }
  const std::string_view target(request.target().data(), request.target().size());
  const std::size_t mark = target.find('?');
  if (target.substr(0, mark) != "/") {
    return ec2::refuse(ec2::ErrorCode::kInvalidAction, "EC2 answers at the path / alone.");
  }
  const std::string_view query =
      mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  if (request.method() != Verb::post && request.method() != Verb::get) {
    return ec2::refuse(ec2::ErrorCode::kInvalidAction, "EC2 takes the methods POST and GET alone.");
  }
  const bool is_get = request.method() == Verb::get;
  auto decoded = ec2::query::decode_request(is_get ? query : std::string_view(request.body()));
  if (!decoded) return decoded;
  auto completed = std::visit([](auto& typed) { return complete(typed); }, *decoded);
  if (!completed) return std::unexpected(std::move(completed.error()));
  return decoded;
}

}  // namespace casim::sim
