#include "oracle/ec2_requests/ec2_request_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "oracle/ec2_requests/client_call.h"
#include "oracle/ec2_requests/decoded_call.h"
#include "oracle/judge/strict_json.h"
#include "sim/ec2_face/signature_check.h"
#include "src/ec2/query/codec.h"
#include "src/http/message.h"

namespace casim::oracle {
namespace {

// Parts of a signature that the recordings leave out, and values that could be.
constexpr std::pair<std::string_view, std::string_view> kPlaceholders[] = {
    {"<key id>", "AKIDEXAMPLE"},
    {"<yyyymmddThhmmssZ>", "20261129T120000Z"},
    {"<date>", "20261129"},
    {"<64 hex>", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"},
};

std::string filled(std::string text) {
  for (const auto& [placeholder, value] : kPlaceholders) {
    for (std::size_t at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder)) {
      text.replace(at, placeholder.size(), value);
    }
  }
  return text;
}

http::Request request_of(const Json& one) {
  http::Request request;
  request.method_string(one.at("method").get<std::string>());
  request.target(one.at("path").get<std::string>());
  for (const auto& [name, value] : one.at("headers").items()) {
    request.set(name, filled(value.get<std::string>()));
  }
  request.set("Host", "ec2.us-east-1.amazonaws.com");
  request.body() = one.at("body").get<std::string>();
  return request;
}

std::string turned_round(const std::string& form) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= form.size();) {
    const std::size_t to = std::min(form.find('&', from), form.size());
    parts.push_back(form.substr(from, to - from));
    from = to + 1;
  }
  std::string out;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    out += (out.empty() ? "" : "&") + *part;
  }
  return out;
}

// The first member of the expected one that the other has not.
std::string difference(const std::string& path, const Json& expected, const Json& got) {
  if (expected.is_object() && got.is_object()) {
    for (const auto& [name, value] : expected.items()) {
      if (!got.contains(name)) return fmt::format("{}.{} was not looked for", path, name);
      std::string inside = difference(path + "." + name, value, got.at(name));
      if (!inside.empty()) return inside;
    }
    return "";
  }
  if (expected == got) return "";
  if (expected.is_array() && got.is_array() && expected.size() == got.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const std::string inside = difference(fmt::format("{}[{}]", path, i), expected[i], got[i]);
      if (!inside.empty()) return inside;
    }
    return "";
  }
  return fmt::format("{}: expected {}, got {}", path, expected.dump(), got.dump());
}

std::string judge_form(const ClientCall& call, const std::string& form) {
  const auto request = ec2::query::decode_request(form);
  if (!request) {
    return fmt::format("refused: {}: {}", request.error().code.text(), request.error().message);
  }
  const std::string action(ec2::name_of(ec2::action_of(*request)));
  if (action != call.action) return fmt::format("expected {}, got {}", call.action, action);
  const Json got = decoded_call(*request);
  if (const std::string wrong = difference(action, call.input, got); !wrong.empty()) return wrong;
  const bool has_others = other_parameters_of(*request) != 0;
  if (has_others != (call.others > 0)) return "parameters without effect were lost, or made up";
  if (call.is_later_page && got.at("NextToken") == "") return "the page token was lost";
  const bool launches = action == "RunInstances" || action == "CreateFleet";
  return launches && got.at("ClientToken") == "" ? "the client token was lost" : "";
}

std::string judge(const Json& one) {
  check_keys(one, {"client", "version", "call", "method", "path", "headers", "body"});
  const sim::SignatureCheck signatures(sim::SignatureMode::kParse, {});
  if (const auto caller = signatures.check(request_of(one), WallTime{}); !caller) {
    return fmt::format("signature refused: {}", caller.error().message);
  }
  const ClientCall call = read_client_call(one.at("client"), one.at("call"));
  const std::string body = one.at("body");
  std::string wrong = judge_form(call, body);
  return wrong.empty() ? judge_form(call, turned_round(body)) : wrong;
}

class Ec2RequestKind final : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    return one.is_object() && one.contains("client") && one.contains("call") &&
           one.contains("headers") && one.contains("body");
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.family = "ec2-request";
    result.id = fmt::format("{}: {}", one.at("client").get<std::string>(),
                            one.at("call").get<std::string>());
    result.difference = judge(one);
    result.passed = result.difference.empty();
    return result;
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_ec2_request_kind() { return std::make_unique<Ec2RequestKind>(); }

}  // namespace casim::oracle
