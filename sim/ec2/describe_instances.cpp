#include "sim/ec2/describe_instances.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "sim/ec2/instance_ids.h"

namespace casim::sim {

namespace {

using Check = std::optional<ec2::AttemptError>;

bool has(const std::vector<std::string>& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

bool is_known(const std::string& filter) {
  static constexpr std::string_view kNames[] = {"tag-key",       "instance-state-name",
                                                "client-token",  "instance-id",
                                                "instance-type", "availability-zone"};
  return filter.starts_with("tag:") ||
         std::find(std::begin(kNames), std::end(kNames), filter) != std::end(kNames);
}

bool matches(const ec2::Instance& instance, const ec2::Filter& filter) {
  const auto any_tag = [&](auto predicate) {
    return std::any_of(instance.tags.begin(), instance.tags.end(), predicate);
  };
  if (filter.name.starts_with("tag:")) {
    const std::string_view key = std::string_view(filter.name).substr(4);
    return any_tag(
        [&](const ec2::Tag& tag) { return tag.key == key && has(filter.values, tag.value); });
  }
  if (filter.name == "tag-key") {
    return any_tag([&](const ec2::Tag& tag) { return has(filter.values, tag.key); });
  }
  if (filter.name == "instance-state-name") {
    return has(filter.values, ec2::name_of(instance.state));
  }
  if (filter.name == "client-token") return has(filter.values, instance.client_token);
  if (filter.name == "instance-id") return has(filter.values, instance.id);
  if (filter.name == "instance-type") return has(filter.values, instance.type);
  return has(filter.values, instance.zone);
}

bool matches_all(const ec2::Instance& instance, const std::vector<ec2::Filter>& filters) {
  return std::all_of(filters.begin(), filters.end(),
                     [&](const ec2::Filter& filter) { return matches(instance, filter); });
}

// A token says after which instance the next page starts, and of which filters it is.
std::uint64_t hash_of(const std::vector<ec2::Filter>& filters) {
  std::uint64_t hash = 0;
  for (const ec2::Filter& filter : filters) {
    hash = hash_combine(hash, hash_bytes(filter.name));
    for (const std::string& value : filter.values) hash = hash_combine(hash, hash_bytes(value));
  }
  return hash;
}

std::string write_token(std::uint64_t last, const std::vector<ec2::Filter>& filters) {
  return fmt::format("{:016x}{:016x}", last, hash_of(filters));
}

std::optional<std::uint64_t> read_token(const std::string& token,
                                        const std::vector<ec2::Filter>& filters) {
  if (token.size() != 32) return std::nullopt;
  std::uint64_t last = 0;
  const char* middle = token.data() + 16;
  const auto [end, error] = std::from_chars(token.data(), middle, last, 16);
  if (error != std::errc{} || end != middle) return std::nullopt;
  if (token != write_token(last, filters)) return std::nullopt;
  return last;
}

Check check_form(const ec2::DescribeInstancesRequest& request) {
  if (!request.instance_ids.empty() && request.max_results != 0) {
    return ec2::error_reply(
        ec2::ErrorCode::kInvalidParameterCombination,
        "The parameter instancesSet cannot be used with the parameter maxResults");
  }
  if (request.max_results != 0 && (request.max_results < 5 || request.max_results > 1000)) {
    return ec2::error_reply(
        ec2::ErrorCode::kInvalidParameterValue,
        fmt::format("Value ( {} ) for parameter maxResults is invalid. Expecting a "
                    "value from 5 to 1000.",
                    request.max_results));
  }
  for (const ec2::Filter& filter : request.filters) {
    if (!is_known(filter.name)) {
      return ec2::error_reply(ec2::ErrorCode::kInvalidParameterValue,
                              fmt::format("The filter '{}' is invalid", filter.name));
    }
  }
  return std::nullopt;
}

ec2::Attempt<ec2::DescribeInstancesReply> by_ids(Fleet& fleet,
                                                 const ec2::DescribeInstancesRequest& request) {
  std::set<std::uint64_t> numbers;
  for (const std::string& id : request.instance_ids) {
    ec2::Attempt<std::uint64_t> number = instance_named(fleet, id);
    if (!number) return std::unexpected(std::move(number.error()));
    numbers.insert(*number);
  }
  ec2::DescribeInstancesReply reply;
  for (const std::uint64_t number : numbers) {
    const ec2::Instance& shape = fleet.find(number)->shape;
    if (matches_all(shape, request.filters)) reply.instances.push_back(shape);
  }
  return reply;
}

}  // namespace

Charge charge_of(const ec2::DescribeInstancesRequest& request) {
  return {.for_everything = request.instance_ids.empty() && request.filters.empty() &&
                            request.max_results == 0 && request.next_token.empty()};
}

ec2::Attempt<ec2::DescribeInstancesReply> describe_instances(
    Ec2State& state, const ec2::DescribeInstancesRequest& request) {
  if (Check wrong = check_form(request)) return std::unexpected(*std::move(wrong));
  if (!request.instance_ids.empty()) return by_ids(state.fleet, request);
  std::uint64_t last = 0;
  if (!request.next_token.empty()) {
    const auto read = read_token(request.next_token, request.filters);
    if (!read) {
      return std::unexpected(ec2::error_reply(ec2::ErrorCode::kInvalidPaginationToken,
                                              "The specified pagination token is not valid."));
    }
    last = *read;
  }
  const bool paged = request.max_results != 0 || !request.next_token.empty();
  const auto page_size = static_cast<std::size_t>(
      request.max_results != 0 ? request.max_results : state.config.default_page_size);
  ec2::DescribeInstancesReply reply;
  const Fleet::Instances& all = state.fleet.all();
  for (auto it = all.upper_bound(last); it != all.end(); ++it) {
    if (!it->second.accepted || !matches_all(it->second.shape, request.filters)) continue;
    if (paged && reply.instances.size() == page_size) {
      reply.next_token = write_token(last, request.filters);
      break;
    }
    reply.instances.push_back(it->second.shape);
    last = it->first;
  }
  return reply;
}

}  // namespace casim::sim
