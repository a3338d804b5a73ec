// AWS Signature Version 4: what a request is signed by, and what a server compares. Pure functions,
// so that both ends use them: the client signs what it sends, the mock recomputes what it received.
// Source: ec2.md 1.6.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/core/time.h"

namespace casim::ec2 {

// One header of a request, in any spelling.
struct HeaderLine {
  std::string name;
  std::string value;

  bool operator==(const HeaderLine&) const = default;
};

// What is signed of a request.
struct RequestToSign {
  std::string method = "POST";
  std::string path = "/";           // as in the request line, percent-encoded
  std::string query = {};           // likewise, without the question mark
  std::vector<HeaderLine> headers;  // those that are signed, in any order
  std::string payload_hash;  // sha256_hex of the body, or X-Amz-Content-SHA256 as it was sent
};

// For whom a signing key is.
struct SigningScope {
  std::string date;  // "20150830"
  std::string region;
  std::string service;

  bool operator==(const SigningScope&) const = default;
};

std::string to_string(const SigningScope& scope);  // "20150830/us-east-1/ec2/aws4_request"

// The Authorization header.
struct Authorization {
  std::string access_key_id;
  SigningScope scope;
  std::vector<std::string> signed_headers;  // names, lower-case, sorted
  std::string signature;                    // 64 hexadecimal digits
};

std::string to_header(const Authorization& authorization);
// None: not of this form. An empty region is one: a client may not know its own (ec2.md 9).
std::optional<Authorization> parse_authorization(std::string_view header);

// "20150830T123600Z", and back; none: not of this form, or no date.
std::string amz_time(WallTime time);
std::optional<WallTime> parse_amz_time(std::string_view text);

std::string sha256_hex(std::string_view bytes);

// Names of the headers, lower-case, sorted, each once.
std::vector<std::string> signed_names(const std::vector<HeaderLine>& headers);

// The steps. Each is the text that the next one takes.
std::string canonical_request(const RequestToSign& request);
std::string string_to_sign(std::string_view timestamp, const SigningScope& scope,
                           std::string_view canonical_request);
std::string signing_key(std::string_view secret, const SigningScope& scope);  // 32 bytes
std::string signature_of(std::string_view signing_key, std::string_view string_to_sign);

// The whole way.
std::string sign(const RequestToSign& request, std::string_view timestamp,
                 const SigningScope& scope, std::string_view secret);

// Takes the same time wherever they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace casim::ec2
