#include "sim/ec2_face/rest_routes.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "src/ec2/query/form.h"
#include "src/ec2/query/xml_text.h"

namespace casim::sim {
namespace {

using Verb = boost::beast::http::verb;

constexpr std::string_view kVersion = "/v1";
constexpr std::string_view kMachines = "/v1/machines";
constexpr std::string_view kMachine = "/v1/machines/{machine}";
constexpr std::string_view kVariable = "{machine}";

constexpr RestRoute kRoutes[] = {
    {RestOperation::kCreate, Verb::post, kMachines, "createMachine",
     "Launches a machine. With a client token a repeat answers with the same one.", "NewMachine",
     201, "Machine", "it was launched"},
    {RestOperation::kList, Verb::get, kMachines, "listMachines",
     "Lists machines, terminated ones for an hour.", "", 200, "MachineList", "a page of them"},
    {RestOperation::kRead, Verb::get, kMachine, "readMachine", "Reads a machine.", "", 200,
     "Machine", "the machine as it is"},
    {RestOperation::kUpdate, Verb::patch, kMachine, "updateMachine", "Sets tags of a machine.",
     "MachineChange", 200, "Machine", "the machine with its tags"},
    {RestOperation::kRemove, Verb::delete_, kMachine, "removeMachine",
     "Terminates a machine. A repeat succeeds.", "", 202, "RemovedMachine", "it goes"},
    {RestOperation::kOpenApi, Verb::get, "/v1/openapi.json", "readOpenApi", "Reads this document.",
     "", 200, "", "this document", false},
};

// A path in percent bytes, where a plus stands for itself. None: it is no such text.
std::optional<std::string> unescaped(std::string_view part) {
  std::string text;
  for (const char c : part) text += c == '+' ? "%2B" : std::string(1, c);
  auto plain = ec2::query::unescape_form(text);
  if (!plain || !ec2::query::is_xml_text(*plain)) return std::nullopt;
  return *std::move(plain);
}

// The machine that the path names by the pattern, empty where the pattern has none. None: they do
// not match.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  const std::size_t at = pattern.find(kVariable);
  if (at == std::string_view::npos) {
    return pattern == path ? std::optional<std::string>("") : std::nullopt;
  }
  if (!path.starts_with(pattern.substr(0, at))) return std::nullopt;
  const std::string_view part = path.substr(at);
  if (part.empty() || part.find('/') != std::string_view::npos) return std::nullopt;
  return unescaped(part);
}

}  // namespace

std::span<const RestRoute> rest_routes() { return kRoutes; }

bool is_rest_request(const http::Request& request) {
  const std::string_view target(request.target().data(), request.target().size());
  return target == kVersion || target.starts_with("/v1/") || target.starts_with("/v1?");
}

RestMatch match_rest(Verb method, std::string_view path) {
  RestMatch found;
  for (const RestRoute& route : kRoutes) {
    auto machine = match(route.path, path);
    if (!machine) continue;
    if (!found.allowed.empty()) found.allowed += ", ";
    found.allowed += std::string_view(boost::beast::http::to_string(route.method));
    if (route.method != method) continue;
    found.route = &route;
    found.machine = *std::move(machine);
  }
  return found;
}

}  // namespace casim::sim
