// The EC2 Query protocol, both directions: a request is a form, a reply is XML. Parameters that EC2
// takes and this project has no member for are accepted, looked at for their form, and leave only a
// hash (other_parameters). Source: ec2.md 1.1, 1.2, 9.
#pragma once

#include <string>
#include <string_view>

#include "src/ec2/action.h"
#include "src/ec2/attempt.h"

namespace casim::ec2::query {

// Of requests and replies alike.
inline constexpr std::string_view kRequestType = "application/x-www-form-urlencoded; charset=utf-8";
inline constexpr std::string_view kReplyType = "text/xml;charset=UTF-8";

// The body of a POST: Action, Version, then the parameters.
std::string encode_request(AnyRequest request);

// A body, or the query of a GET. Errors are those that EC2 answers: MissingAction, InvalidAction,
// NoSuchVersion, MalformedQueryString, UnknownParameter, MissingParameter, InvalidParameterValue,
// InvalidParameterCombination.
Attempt<AnyRequest> decode_request(std::string_view form);

// The body of a 200.
std::string encode_reply(AnyReply reply, std::string_view request_id);
// That of any other status: the error's code and message.
std::string encode_error(const AttemptError& error, std::string_view request_id);

// A whole reply with its status. What stands in headers (hints, the date) is not known here. An
// error document under 200 is an error with that status; so is a 200 that does not hold what the
// action answers (BodyForm::kOther, kEmpty).
Attempt<AnyReply> decode_reply(Action action, int http_status, std::string_view body);

}  // namespace casim::ec2::query
