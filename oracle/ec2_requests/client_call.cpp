#include "oracle/ec2_requests/client_call.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <cctype>
#include <set>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace casim::oracle {
namespace {

using Json = nlohmann::json;

// "run_instances" and "run-instances" to "RunInstances".
std::string camel(std::string_view text) {
  std::string out;
  bool starts = true;
  for (const char c : text) {
    if (c == '_' || c == '-') {
      starts = true;
      continue;
    }
    out += starts ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    starts = false;
  }
  return out;
}

std::string base64(const std::string& text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// What a command line says in short: Name=x,Values=a,b and {A=1,B=[...]}.
class Shorthand {
 public:
  explicit Shorthand(std::string_view text) : rest_(text) {}

  Json pairs() {
    Json out = Json::object();
    std::string last;
    while (!rest_.empty() && rest_.front() != '}') {
      const std::size_t end = rest_.find_first_of("=,]}");
      const std::string word(rest_.substr(0, end));
      if (end != std::string_view::npos && rest_[end] == '=') {
        rest_.remove_prefix(end + 1);
        out[last = word] = value();
      } else {  // one more of the list that the last one is
        if (!out[last].is_array()) out[last] = Json::array({out[last]});
        out[last].push_back(value());
      }
      if (!rest_.empty() && rest_.front() == ',') rest_.remove_prefix(1);
    }
    return out;
  }

 private:
  Json value() {
    if (take('{')) {
      Json out = pairs();
      take('}');
      return out;
    }
    if (take('[')) {
      Json out = Json::array();
      while (!rest_.empty() && !take(']')) {
        out.push_back(value());
        take(',');
      }
      return out;
    }
    const std::string_view text = rest_.substr(0, rest_.find_first_of(",]}"));
    rest_.remove_prefix(text.size());
    return std::string(text);
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
};

std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : line + " ") {
    if (c == '\'') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      if (!word.empty()) words.push_back(std::exchange(word, ""));
    } else {
      word += c;
    }
  }
  return words;
}

Json as_list(Json value) { return value.is_array() ? value : Json::array({std::move(value)}); }

Json numbers_in(Json value) {
  for (Json& member : value) {
    const bool is_number =
        member.is_string() && !member.get<std::string>().empty() &&
        member.get<std::string>().find_first_not_of("0123456789") == std::string::npos;
    if (is_number) member = std::stoi(member.get<std::string>());
  }
  return value;
}

// One option of the AWS CLI as it becomes part of the input.
void take_option(const std::string& name, const std::vector<std::string>& values, Json& input) {
  const auto each = [&values] {
    Json list = Json::array();
    for (const std::string& text : values) list.push_back(Shorthand(text).pairs());
    return list;
  };
  const std::string first = values.empty() ? "" : values.front();
  if (name == "count") {
    const std::size_t colon = first.find(':');
    input["MinCount"] = std::stoi(first);
    input["MaxCount"] = std::stoi(colon == std::string::npos ? first : first.substr(colon + 1));
  } else if (name == "filters") {
    input["Filters"] = each();
    for (Json& filter : input["Filters"]) filter["Values"] = as_list(filter["Values"]);
  } else if (name == "tag-specifications") {
    input["TagSpecifications"] = each();
  } else if (name == "tags") {
    input["Tags"] = each();
  } else if (name == "launch-template-configs") {
    input["LaunchTemplateConfigs"] = each();
  } else if (name == "target-capacity-specification") {
    input["TargetCapacitySpecification"] = numbers_in(Shorthand(first).pairs());
  } else if (name == "page-size") {
    input["MaxResults"] = std::stoi(first);
  } else if (values.empty() || name == "private-ip-address") {
    input["NetworkInterfaceOptions"] = true;
  } else if (name.ends_with("s")) {
    input[camel(name)] = values;
  } else {
    input[camel(name)] = first;
  }
}

ClientCall of_command_line(const std::string& line) {
  const std::vector<std::string> words = words_of(line);
  if (words.size() < 3 || words[0] != "aws") throw std::runtime_error("no command line: " + line);
  ClientCall call{.action = camel(words[2]), .input = Json::object()};
  if (call.action == "RunInstances") call.input = {{"MinCount", 1}, {"MaxCount", 1}};
  for (std::size_t i = 3; i < words.size();) {
    const std::string name = words[i++].substr(2);
    std::vector<std::string> values;
    while (i < words.size() && !words[i].starts_with("--")) values.push_back(words[i++]);
    take_option(name, values, call.input);
  }
  return call;
}

ClientCall of_sdk(const std::string& text) {
  std::vector<std::string> words = words_of(text.substr(0, text.find('{')));
  std::erase(words, "paginator");
  if (words.empty()) throw std::runtime_error("no call: " + text);
  ClientCall call{.action = camel(words[0]), .input = Json::object()};
  const std::size_t begin = text.find('{');
  if (begin != std::string::npos) call.input = Json::parse(text.substr(begin));
  const auto pages = call.input.find("PaginationConfig");
  if (pages != call.input.end()) {
    call.input["MaxResults"] = pages->at("PageSize");
    call.input.erase("PaginationConfig");
  }
  return call;
}

// Lists that say nothing are not sent; a tag may be without a value.
void fill_in(Json& input) {
  for (auto member = input.begin(); member != input.end();) {
    const bool is_empty = member->is_array() && member->empty();
    member = is_empty ? input.erase(member) : std::next(member);
  }
  const auto complete = [](Json& tags) {
    for (Json& tag : tags) tag.emplace("Value", "");
  };
  if (input.contains("Tags")) complete(input["Tags"]);
  if (!input.contains("TagSpecifications")) return;
  Json tags = Json::array();
  for (Json& one : input["TagSpecifications"]) {
    complete(one["Tags"]);
    if (one.at("ResourceType") != "instance") continue;
    for (const Json& tag : one["Tags"]) tags.push_back(tag);
  }
  input["TagsOfInstances"] = tags;
  input.erase("TagSpecifications");
}

// Takes away what there is no member for.
void reduce(ClientCall& call) {
  Json& input = call.input;
  const auto drop = [&call](Json& from, const char* name) { call.others += from.erase(name) > 0; };
  if (input.contains("NetworkInterfaces")) {
    const Json interface = input["NetworkInterfaces"].at(0);
    input["SubnetId"] = interface.at("SubnetId");
    input["SecurityGroupIds"] = interface.at("Groups");
    drop(input, "NetworkInterfaces");
  }
  for (const char* name : {"BlockDeviceMappings", "MetadataOptions", "NetworkInterfaceOptions"}) {
    drop(input, name);
  }
  if (call.action == "StopInstances") input.erase("Force");
  if (input.contains("Placement")) drop(input["Placement"], "Tenancy");
  if (input.contains("InstanceMarketOptions")) drop(input["InstanceMarketOptions"], "SpotOptions");
  if (!input.contains("LaunchTemplateConfigs")) return;
  for (Json& config : input["LaunchTemplateConfigs"]) {
    for (Json& pool : config["Overrides"]) drop(pool, "BlockDeviceMappings");
  }
}

}  // namespace

ClientCall read_client_call(const std::string& client, const std::string& text) {
  const std::size_t page = text.rfind(" [request ");
  const std::string said = text.substr(0, page);
  ClientCall call = client == "awscli" ? of_command_line(said) : of_sdk(said);
  const bool is_paged = call.input.contains("MaxResults");
  call.is_later_page = is_paged && page != std::string::npos && text[page + 10] != '1';
  if (client != "aws-sdk-go-v2" && call.input.contains("UserData")) {
    call.input["UserData"] = base64(call.input["UserData"]);
  }
  fill_in(call.input);
  reduce(call);
  return call;
}

}  // namespace casim::oracle
