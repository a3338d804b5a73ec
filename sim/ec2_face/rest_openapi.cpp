#include "sim/ec2_face/rest_openapi.h"

#include <cctype>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "sim/ec2/instance_filters.h"
#include "sim/ec2_face/rest_machines.h"
#include "sim/ec2_face/rest_routes.h"
#include "src/config/config.h"
#include "src/core/version.h"

namespace casim::sim {
namespace {

using config::Value;
using Members = std::initializer_list<std::pair<std::string_view, Value>>;

Value object(Members members) {
  Value result = Value::Object{};
  for (const auto& [key, value] : members) result.set(key, value);
  return result;
}

Value reference(std::string_view kind, std::string_view name) {
  return object({{"$ref", "#/components/" + std::string(kind) + "/" + std::string(name)}});
}

// OpenAPI 3.0 knows fewer words than JSON Schema, and comments are not taken here.
void drop_patterns(Value& schema) {
  if (Value::List* items = schema.as_list()) {
    for (Value& item : *items) drop_patterns(item);
  }
  Value::Object* members = schema.as_object();
  if (members == nullptr) return;
  std::erase_if(*members, [](const Value::Entry& e) { return e.key == "patternProperties"; });
  for (auto& [key, value] : *members) drop_patterns(value);
}

template <class T>
Value schema_of() {
  config::SchemaBuilder builder;
  Value schema = config::Codec<T>::schema(T{}, config::Rules{}, builder);
  drop_patterns(schema);
  return schema;
}

Value text_schema() { return object({{"type", "string"}}); }

Value content(Value schema) {
  return object({{"application/json", object({{"schema", std::move(schema)}})}});
}

Value parameter(std::string_view name, std::string_view in, std::string_view help, Value schema) {
  return object({{"name", name},
                 {"in", in},
                 {"description", help},
                 {"required", in == "path"},
                 {"schema", std::move(schema)}});
}

Value::List list_parameters() {
  Value::List parameters;
  parameters.push_back(parameter("maxResults", "query", "size of a page; absent: all are in one",
                                 object({{"type", "integer"}, {"minimum", 5}, {"maximum", 1000}})));
  parameters.push_back(
      parameter("nextToken", "query", "of the page before this one", text_schema()));
  for (const auto& filter : instance_filters()) {
    parameters.push_back(parameter(filter.name, "query",
                                   "filter of EC2; * and ? stand for any text",
                                   object({{"type", "array"}, {"items", text_schema()}})));
  }
  Value tags = parameter("tags", "query", "further filters: tag:KEY=VALUE, tag-key=KEY",
                         object({{"type", "object"}, {"additionalProperties", text_schema()}}));
  tags.set("style", "form");
  tags.set("explode", true);
  parameters.push_back(std::move(tags));
  return parameters;
}

Value::List parameters_of(const RestRoute& route) {
  if (route.operation == RestOperation::kList) return list_parameters();
  if (route.operation == RestOperation::kCreate) {
    return {parameter("Idempotency-Key", "header", "client token, as clientToken in the body",
                      text_schema())};
  }
  if (route.path.find("{machine}") == std::string_view::npos) return {};
  return {parameter("machine", "path", "instance id, or the client token that it was made with",
                    text_schema())};
}

Value operation_of(const RestRoute& route) {
  Value operation = object({{"operationId", route.id}, {"summary", route.summary}});
  if (Value::List parameters = parameters_of(route); !parameters.empty()) {
    operation.set("parameters", std::move(parameters));
  }
  if (!route.takes.empty()) {
    operation.set("requestBody", object({{"required", true},
                                         {"content", content(reference("schemas", route.takes))}}));
  }
  Value schema =
      route.gives.empty() ? object({{"type", "object"}}) : reference("schemas", route.gives);
  operation.set(
      "responses",
      object({{std::to_string(route.status),
               object({{"description", route.answer}, {"content", content(std::move(schema))}})},
              {"default", reference("responses", "Error")}}));
  if (!route.needs_token) operation.set("security", Value::List{});
  return operation;
}

Value paths() {
  Value paths = Value::Object{};
  for (const RestRoute& route : rest_routes()) {
    Value* path = paths.find(route.path);
    if (path == nullptr) path = &paths.set(route.path, Value::Object{});
    std::string method(std::string_view(boost::beast::http::to_string(route.method)));
    for (char& c : method) c = static_cast<char>(std::tolower(c));
    path->set(method, operation_of(route));
  }
  return paths;
}

}  // namespace

Value rest_openapi() {
  const Value schemas = object({{"NewMachine", schema_of<NewMachine>()},
                                {"MachineChange", schema_of<MachineChange>()},
                                {"Machine", schema_of<RestMachine>()},
                                {"MachineList", schema_of<RestMachineList>()},
                                {"RemovedMachine", schema_of<RemovedMachine>()},
                                {"Error", schema_of<RestError>()}});
  const Value responses = object(
      {{"Error", object({{"description",
                          "what went wrong; while a fault has it so, the body may be empty or no "
                          "JSON, or the connection end"},
                         {"content", content(reference("schemas", "Error"))}})}});
  const Value token = object({{"type", "http"}, {"scheme", "bearer"}});
  return object(
      {{"openapi", "3.0.3"},
       {"info", object({{"title", "Machines of casim"},
                        {"description", "The EC2 model of casim ec2 as a REST interface."},
                        {"version", kResultsVersion}})},
       {"security", Value::List{object({{"token", Value::List{}}})}},
       {"paths", paths()},
       {"components", object({{"schemas", schemas},
                              {"responses", responses},
                              {"securitySchemes", object({{"token", token}})}})}});
}

}  // namespace casim::sim
