// One attempt of a call on EC2, as its caller sees it: a reply, or an error with everything that a
// retry policy looks at. Source: ec2.md 2, 4.1.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

#include "src/core/time.h"
#include "src/ec2/error_code.h"

namespace casim::ec2 {

// Of an error reply. Some SDKs retry a 5xx only if its body could be read. An HTML page counts as
// XML that names no code.
enum class BodyForm : std::uint8_t { kXml, kEmpty, kOther };
// What went wrong below HTTP; kNone when there was a reply. An incomplete one ended before the
// length that it had announced, or in its headers: none of its bytes count.
enum class Fault : std::uint8_t { kNone, kReset, kConnectTimeout, kReadTimeout, kIncompleteReply };

struct AttemptError {
  ReplyCode code;  // empty when no XML body said one
  std::string message;
  int http_status = 0;  // 0 when there was no reply; 200 of a success that holds an error document
  BodyForm body = BodyForm::kXml;
  std::optional<Duration> retry_after;       // x-amz-retry-after
  std::optional<Duration> http_retry_after;  // Retry-After, which few clients read
  Fault fault = Fault::kNone;
  // How far the reply's Date is from the client's clock; 0: not worth a word.
  Duration clock_difference{};
};

template <class T>
using Attempt = std::expected<T, AttemptError>;

// The error reply of that code, with the status that EC2 sends with it.
AttemptError error_reply(ErrorCode code, std::string message);
std::unexpected<AttemptError> refuse(ErrorCode code, std::string message);  // the same, to return
// No reply that counts: the connection failed. Requires: not kNone.
AttemptError no_reply(Fault fault);

// What to call it, never empty: its code as AWS writes it, else "ConnectionReset",
// "ConnectTimeout", "ReadTimeout", "IncompleteReply", else "Http" and the status.
std::string reason_of(const AttemptError& error);

}  // namespace casim::ec2
