// The few parts of Boost.Asio that interfaces mention. Asio is an executor here and nothing else:
// time comes from Clock, bytes from gRPC and Beast.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace casim {

namespace asio = boost::asio;

template <class T>
using Awaitable = asio::awaitable<T>;

}  // namespace casim
