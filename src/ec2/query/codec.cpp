#include "src/ec2/query/codec.h"

#include <array>
#include <cctype>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <boost/property_tree/ptree.hpp>

#include "src/config/names.h"
#include "src/ec2/query/describe.h"
#include "src/ec2/query/form.h"
#include "src/ec2/query/form_reader.h"
#include "src/ec2/query/form_writer.h"
#include "src/ec2/query/xml_reader.h"
#include "src/ec2/query/xml_text.h"
#include "src/ec2/query/xml_writer.h"

namespace casim::ec2::query {
namespace {

constexpr std::string_view kVersion = "2016-11-15";
constexpr std::string_view kNamespace = "http://ec2.amazonaws.com/doc/2016-11-15/";
constexpr std::string_view kDeclaration = R"(<?xml version="1.0" encoding="UTF-8"?>)";

template <class Any, std::size_t I>
Any make_alternative() {
  return Any(std::in_place_index<I>);
}

template <class Any, std::size_t... I>
Any make_any(Action action, std::index_sequence<I...> /*all*/) {
  constexpr std::array kMakers = {&make_alternative<Any, I>...};
  return kMakers[index_of(action)]();
}

// An empty value of the action's alternative.
template <class Any>
Any make_any(Action action) {
  return make_any<Any>(action, std::make_index_sequence<std::variant_size_v<Any>>());
}

// A value that every request has beside its parameters.
std::optional<std::string> take(FormNode& form, std::string_view name) {
  FormNode* node = form.find(name);
  if (node == nullptr || !node->value) return std::nullopt;
  node->is_known = true;
  return node->value;
}

Attempt<Action> action_of_form(FormNode& form) {
  const auto name = take(form, "Action");
  if (!name) {
    return refuse(ErrorCode::kMissingAction,
                  "The request is missing an action or a required parameter: Action");
  }
  const auto action = action_named(*name);
  if (!action) {
    std::vector<std::string_view> names;
    for (const ActionInfo& row : kActions) names.push_back(row.name);
    const auto nearest = config::nearest_name(*name, std::span<const std::string_view>(names));
    return refuse(ErrorCode::kInvalidAction,
                  fmt::format("The action {} is not valid for this web service.{}", *name,
                              nearest ? fmt::format(" Did you mean {}?", *nearest) : ""));
  }
  const auto version = take(form, "Version");
  if (!version) {
    return refuse(ErrorCode::kMissingParameter, "The request must contain the parameter Version");
  }
  if (*version == kVersion) return *action;
  return refuse(ErrorCode::kNoSuchVersion,
                fmt::format("The requested version ({}) of service AmazonEC2 does not exist; {} "
                            "does.",
                            *version, kVersion));
}

std::string open_reply(Action action, std::string_view request_id) {
  return fmt::format("{}\n<{}Response xmlns=\"{}\"><requestId>{}</requestId>", kDeclaration,
                     name_of(action), kNamespace, escape_xml(request_id));
}

AttemptError unusable(int status, BodyForm body, std::string message) {
  AttemptError error;
  error.http_status = status;
  error.body = body;
  error.message = std::move(message);
  return error;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool is_html(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return false;
  std::string start;
  for (const char c : text.substr(begin, 14)) {
    start += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return start.starts_with("<html") || start.starts_with("<!doctype html");
}

// The root element, whatever its name; nullptr: there is none.
const XmlTree* root_of(const XmlTree& document) {
  return document.empty() ? nullptr : &document.back().second;
}

// The first error of an error document, EC2's or that of other services; nullptr: it is none.
const XmlTree* error_in(const XmlTree* root) {
  const XmlTree* errors = element(root, "Errors");
  return element(errors == nullptr ? root : errors, "Error");
}

AttemptError error_of(int status, const XmlTree* error) {
  AttemptError out;
  out.http_status = status;
  out.code = ReplyCode::parse(text_of(element(error, "Code")));
  out.message = text_of(element(error, "Message"));
  return out;
}

}  // namespace

std::string encode_request(AnyRequest request) {
  std::string out = fmt::format("Action={}&Version={}", name_of(action_of(request)), kVersion);
  FormWriter writer(out);
  std::visit([&writer](auto& typed) { describe(writer, typed); }, request);
  return out;
}

Attempt<AnyRequest> decode_request(std::string_view form) {
  auto parsed = parse_form(form);
  if (!parsed) {
    return refuse(ErrorCode::kMalformedQueryString,
                  fmt::format("The query string contains a syntax error: {}", parsed.error()));
  }
  auto tree = make_form_tree(*std::move(parsed));
  if (!tree) return std::unexpected(std::move(tree.error()));
  const auto action = action_of_form(*tree);
  if (!action) return std::unexpected(action.error());
  AnyRequest request = make_any<AnyRequest>(*action);
  std::optional<AttemptError> wrong;
  FormReader reader(&*tree, wrong);
  std::visit([&reader](auto& typed) { describe(reader, typed); }, request);
  if (const auto unknown = unknown_parameter(*tree)) {
    return refuse(ErrorCode::kUnknownParameter,
                  fmt::format("The parameter {} is not recognized{}", unknown->name,
                              unknown->nearest ? "; did you mean " + *unknown->nearest + "?" : ""));
  }
  if (wrong) return std::unexpected(*std::move(wrong));
  return request;
}

std::string encode_reply(AnyReply reply, std::string_view request_id) {
  const auto action = static_cast<Action>(reply.index());
  std::string out = open_reply(action, request_id);
  XmlWriter writer(out);
  std::visit([&writer](auto& typed) { describe(writer, typed); }, reply);
  return out + fmt::format("</{}Response>", name_of(action));
}

std::string encode_error(const AttemptError& error, std::string_view request_id) {
  return fmt::format(
      "{}\n<Response><Errors><Error><Code>{}</Code><Message>{}</Message></Error></Errors>"
      "<RequestID>{}</RequestID></Response>",
      kDeclaration, escape_xml(error.code.text()), escape_xml(error.message),
      escape_xml(request_id));
}

Attempt<AnyReply> decode_reply(Action action, int http_status, std::string_view body) {
  if (is_blank(body)) {
    return std::unexpected(unusable(http_status, BodyForm::kEmpty, "the reply is empty"));
  }
  const auto document = parse_xml(body);
  const XmlTree* root = document ? root_of(*document) : nullptr;
  const bool is_success = http_status >= 200 && http_status < 300;
  const XmlTree* error = error_in(root);
  if (error != nullptr) return std::unexpected(error_of(http_status, error));
  if (root == nullptr || !is_success) {
    const bool is_xml = root != nullptr || is_html(body);
    return std::unexpected(unusable(http_status, is_xml ? BodyForm::kXml : BodyForm::kOther,
                                    "the reply is no document of EC2"));
  }
  AnyReply reply = make_any<AnyReply>(action);
  std::optional<std::string> wrong;
  XmlReader reader(root, wrong);
  std::visit([&reader](auto& typed) { describe(reader, typed); }, reply);
  if (wrong) {
    return std::unexpected(unusable(http_status, BodyForm::kOther, "the reply: " + *wrong));
  }
  return reply;
}

}  // namespace casim::ec2::query
