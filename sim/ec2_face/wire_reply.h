// What EC2 answers as an HTTP reply, whole or cut on its way. Source: ec2.md 1.1, 9.
#pragma once

#include <string>
#include <string_view>

#include "sim/ec2/ec2_model.h"
#include "src/core/time.h"
#include "src/ec2/attempt.h"
#include "src/http/message.h"
#include "src/http/server.h"

namespace casim::sim {

// Of every reply.
struct ReplyStamp {
  std::string request_id;
  WallTime date{};  // of the real clock: clients set theirs by it
};

http::Response stamped_response(int status, std::string_view content_type, std::string body,
                                const ReplyStamp& stamp);

// What of an error's body is told: `whole`, nothing, or another server's words.
std::string body_of(const ec2::AttemptError& error, std::string whole);

http::Response error_response(const ec2::AttemptError& error, const ReplyStamp& stamp);

// How long the error says to wait, in headers.
void set_retry_after(http::Response& response, const ec2::AttemptError& error);

// The error that a failing server answers.
ec2::AttemptError unavailable();

// As much of a reply as the cut leaves. `instead`: what kInBodyOf503 cuts.
http::BrokenReply cut_reply(const http::Response& response, ReplyCut cut,
                            const http::Response& instead);

// An answer that is no reply at all ends the connection.
http::Reply wire_reply(WireAnswer answer, const ReplyStamp& stamp);

}  // namespace casim::sim
