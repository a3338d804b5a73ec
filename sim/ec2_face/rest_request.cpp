#include "sim/ec2_face/rest_request.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "src/config/config.h"
#include "src/config/cursor.h"
#include "src/ec2/query/form.h"
#include "src/ec2/query/xml_text.h"

namespace casim::sim {
namespace {

constexpr std::string_view kMaxResults = "maxResults";
constexpr std::string_view kNextToken = "nextToken";

// What a configuration may have and a machine may not: keys that count as comments there, and text
// that EC2's own answers could not carry.
void check_texts(const config::Cursor& at) {
  const std::string* text = at.value().as_string();
  if (text != nullptr && !ec2::query::is_xml_text(*text)) at.error("holds control characters");
  if (const config::Value::List* items = at.value().as_list()) {
    for (std::size_t i = 0; i < items->size(); ++i) check_texts(at.at((*items)[i], i));
  }
  const config::Value::Object* entries = at.value().as_object();
  if (entries == nullptr) return;
  for (const auto& [key, value] : *entries) {
    const config::Cursor below = at.at(value, key);
    if (config::is_comment_key(key)) below.error("a key must not begin with //");
    if (!ec2::query::is_xml_text(key)) below.error("a key holds control characters");
    check_texts(below);
  }
}

template <class T>
ec2::Attempt<T> read_body(std::string_view text) {
  config::Problems problems;
  T out;
  const auto document = config::parse_text(text, config::Format::kJson, {"body", {}}, problems);
  if (document) {
    check_texts(config::Cursor(document->root(), problems));
    config::read(*document, out, problems);
  }
  if (!problems.has_errors()) return out;
  std::string message = problems.text();
  while (message.ends_with('\n')) message.pop_back();
  return ec2::refuse(ec2::ErrorCode::kValidationError, std::move(message));
}

// As a filter takes it: its wildcards stand for themselves.
std::string literal(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

ec2::Attempt<int> number_of(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end) return number;
  return ec2::refuse(
      ec2::ErrorCode::kInvalidParameterValue,
      fmt::format("{} is \"{}\", and must be a number from 5 to 1000.", kMaxResults, text));
}

}  // namespace

ec2::Attempt<NewMachine> read_new_machine(const http::Request& request) {
  auto machine = read_body<NewMachine>(request.body());
  if (!machine) return machine;
  const auto header = request["Idempotency-Key"];
  const std::string key(header.data(), header.size());
  if (key.empty()) return machine;
  if (!machine->client_token.empty() && machine->client_token != key) {
    return ec2::refuse(ec2::ErrorCode::kInvalidParameterCombination,
                       fmt::format("clientToken is \"{}\" and the header Idempotency-Key \"{}\": "
                                   "give one of them.",
                                   machine->client_token, key));
  }
  machine->client_token = key;
  return machine;
}

ec2::Attempt<MachineChange> read_change(std::string_view body) {
  return read_body<MachineChange>(body);
}

ec2::Attempt<ec2::DescribeInstancesRequest> read_list_query(std::string_view query) {
  auto form = ec2::query::parse_form(query);
  if (!form) return ec2::refuse(ec2::ErrorCode::kMalformedQueryString, std::move(form.error()));
  ec2::DescribeInstancesRequest request;
  for (auto& [name, value] : *form) {
    if (!ec2::query::is_xml_text(name) || !ec2::query::is_xml_text(value)) {
      return ec2::refuse(ec2::ErrorCode::kInvalidParameterValue,
                         "The query holds control characters, or is not in UTF-8.");
    }
    if (name == kMaxResults) {
      const ec2::Attempt<int> number = number_of(value);
      if (!number) return std::unexpected(number.error());
      request.max_results = *number;
    } else if (name == kNextToken) {
      request.next_token = std::move(value);
    } else {
      auto filter = std::ranges::find(request.filters, name, &ec2::Filter::name);
      if (filter == request.filters.end()) {
        filter = request.filters.insert(filter, ec2::Filter{.name = name});
      }
      filter->values.push_back(std::move(value));
    }
  }
  return request;
}

ec2::DescribeInstancesRequest describe_request(const std::string& machine) {
  ec2::DescribeInstancesRequest request;
  if (is_instance_id(machine)) {
    request.instance_ids = {machine};
  } else {
    request.filters = {{.name = "client-token", .values = {literal(machine)}}};
  }
  return request;
}

bool is_instance_id(std::string_view machine) { return machine.starts_with("i-"); }

}  // namespace casim::sim
