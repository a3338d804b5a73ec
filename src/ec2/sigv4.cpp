#include "src/ec2/sigv4.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace casim::ec2 {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kTerminator = "aws4_request";

using Hash = std::array<unsigned char, 32>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned char>(byte));
  }
  return text;
}

std::string text_of(const Hash& hash) { return {hash.begin(), hash.end()}; }

std::string hmac(std::string_view key, std::string_view message) {
  Hash hash{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message),
           message.size(), hash.data(), &size) == nullptr) {
    throw std::runtime_error("OpenSSL has no HMAC-SHA256");
  }
  return text_of(hash);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// Without outer space, inner runs of it as one.
std::string trimmed(std::string_view value) {
  std::string out;
  bool is_gap = false;
  for (const char c : value) {
    if (c == ' ' || c == '\t') {
      is_gap = !out.empty();
      continue;
    }
    if (is_gap) out += ' ';
    is_gap = false;
    out += c;
  }
  return out;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& parts, char with) {
  std::string text;
  for (const std::string& part : parts) {
    if (!text.empty()) text += with;
    text += part;
  }
  return text;
}

// Sorted by name, then value, both as they are encoded.
std::string canonical_query(std::string_view query) {
  if (query.empty()) return "";
  std::vector<std::pair<std::string_view, std::string_view>> parameters;
  for (const std::string_view parameter : split(query, '&')) {
    const auto equals = parameter.find('=');
    if (equals == std::string_view::npos) {
      parameters.emplace_back(parameter, "");
    } else {
      parameters.emplace_back(parameter.substr(0, equals), parameter.substr(equals + 1));
    }
  }
  std::ranges::sort(parameters);
  std::vector<std::string> texts;
  for (const auto& [name, value] : parameters) texts.push_back(fmt::format("{}={}", name, value));
  return join(texts, '&');
}

// "Name=value": the value; none: another name.
std::optional<std::string_view> member(std::string_view text, std::string_view name) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  if (!text.starts_with(name) || !text.substr(name.size()).starts_with('=')) return std::nullopt;
  return text.substr(name.size() + 1);
}

bool is_hex(std::string_view text) {
  return std::ranges::all_of(
      text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<int> number(std::string_view digits) {
  int value = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc{} || at != end || value < 0) return std::nullopt;
  return value;
}

}  // namespace

std::string to_string(const SigningScope& scope) {
  return fmt::format("{}/{}/{}/{}", scope.date, scope.region, scope.service, kTerminator);
}

std::string to_header(const Authorization& authorization) {
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                     authorization.access_key_id, to_string(authorization.scope),
                     join(authorization.signed_headers, ';'), authorization.signature);
}

std::optional<Authorization> parse_authorization(std::string_view header) {
  if (!header.starts_with(kAlgorithm)) return std::nullopt;
  header.remove_prefix(kAlgorithm.size());
  const std::vector<std::string_view> parts = split(header, ',');
  if (parts.size() != 3 || !header.starts_with(' ')) return std::nullopt;
  const auto credential = member(parts[0], "Credential");
  const auto names = member(parts[1], "SignedHeaders");
  const auto signature = member(parts[2], "Signature");
  if (!credential || !names || !signature) return std::nullopt;
  const std::vector<std::string_view> scope = split(*credential, '/');
  if (scope.size() != 5 || scope[0].empty() || scope[4] != kTerminator) return std::nullopt;
  if (scope[1].size() != 8 || !number(scope[1]) || scope[3].empty()) return std::nullopt;
  if (signature->size() != 64 || !is_hex(*signature) || names->empty()) return std::nullopt;
  Authorization out;
  out.access_key_id = scope[0];
  out.scope = {std::string(scope[1]), std::string(scope[2]), std::string(scope[3])};
  for (const std::string_view name : split(*names, ';')) out.signed_headers.emplace_back(name);
  out.signature = *signature;
  return out;
}

std::string amz_time(WallTime time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(floor<seconds>(time - day));
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::optional<WallTime> parse_amz_time(std::string_view text) {
  using namespace std::chrono;
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto year_number = number(text.substr(0, 4));
  const auto month_number = number(text.substr(4, 2));
  const auto day_number = number(text.substr(6, 2));
  const auto h = number(text.substr(9, 2));
  const auto m = number(text.substr(11, 2));
  const auto s = number(text.substr(13, 2));
  if (!year_number || !month_number || !day_number || !h || !m || !s) return std::nullopt;
  const year_month_day date(year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number)));
  // What nanoseconds can count ends in 2262.
  if (!date.ok() || *year_number < 1970 || *year_number > 2200) return std::nullopt;
  if (*h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return WallTime(sys_days(date)) + hours(*h) + minutes(*m) + seconds(*s);
}

std::string sha256_hex(std::string_view bytes) {
  Hash hash{};
  if (EVP_Digest(bytes.data(), bytes.size(), hash.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  return hex(text_of(hash));
}

std::vector<std::string> signed_names(const std::vector<HeaderLine>& headers) {
  std::vector<std::string> names;
  for (const HeaderLine& header : headers) names.push_back(lower(header.name));
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string canonical_request(const RequestToSign& request) {
  std::map<std::string, std::string> values;  // repeated headers in their order, by commas
  for (const HeaderLine& header : request.headers) {
    const auto [entry, is_new] = values.try_emplace(lower(header.name));
    if (!is_new) entry->second += ',';
    entry->second += trimmed(header.value);
  }
  std::string lines;
  for (const auto& [name, value] : values) lines += fmt::format("{}:{}\n", name, value);
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, request.path,
                     canonical_query(request.query), lines,
                     join(signed_names(request.headers), ';'), request.payload_hash);
}

std::string string_to_sign(std::string_view timestamp, const SigningScope& scope,
                           std::string_view canonical_request) {
  return fmt::format("{}\n{}\n{}\n{}", kAlgorithm, timestamp, to_string(scope),
                     sha256_hex(canonical_request));
}

std::string signing_key(std::string_view secret, const SigningScope& scope) {
  std::string key = fmt::format("AWS4{}", secret);
  for (const std::string_view part : {std::string_view(scope.date), std::string_view(scope.region),
                                      std::string_view(scope.service), kTerminator}) {
    key = hmac(key, part);
  }
  return key;
}

std::string signature_of(std::string_view signing_key, std::string_view string_to_sign) {
  return hex(hmac(signing_key, string_to_sign));
}

std::string sign(const RequestToSign& request, std::string_view timestamp,
                 const SigningScope& scope, std::string_view secret) {
  return signature_of(signing_key(secret, scope),
                      string_to_sign(timestamp, scope, canonical_request(request)));
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace casim::ec2
