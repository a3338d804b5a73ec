// What can be asked of the REST face: the one table that requests are routed by and that its
// OpenAPI document is written from.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <boost/beast/http/verb.hpp>

#include "src/http/message.h"

namespace casim::sim {

enum class RestOperation { kCreate, kList, kRead, kUpdate, kRemove, kOpenApi };

struct RestRoute {
  RestOperation operation;
  boost::beast::http::verb method;
  std::string_view path;  // {machine}: an instance id, or the client token that it was made with
  std::string_view id;    // of the operation
  std::string_view summary;
  std::string_view takes;  // schema of the request's body; empty: it has none
  int status;              // of a success
  std::string_view gives;  // schema of the answer
  std::string_view answer;
  bool needs_token = true;
};

std::span<const RestRoute> rest_routes();

// What a target asks for, as far as its path goes.
struct RestMatch {
  const RestRoute* route = nullptr;  // nullptr: nothing here takes this method
  std::string machine;               // where the path names one
  std::string allowed;               // "GET, POST": the methods that are; empty: no such path
};

bool is_rest_request(const http::Request& request);
RestMatch match_rest(boost::beast::http::verb method, std::string_view path);

}  // namespace casim::sim
