// What the mock makes of signatures. Requests are signed as clients were seen to sign them (ec2.md
// 1.6), by the code that signs those of casim-provider.
#include <optional>
#include <string>

#include "sim/ec2_face/signature_check.h"
#include "src/ec2/sigv4.h"
#include "src/http/date.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

const WallTime kNow = WallTime{} + std::chrono::days(20'000) + std::chrono::hours(10);
const std::string kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

// A request, its parts as a test wants them.
struct Signing {
  WallTime at = kNow;
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = kSecret;
  std::string token = {};
  std::string service = "ec2";
  bool by_date = false;  // the header Date instead of X-Amz-Date
  bool with_hash = false;

  http::Request request() const {
    http::Request out;
    out.method_string("POST");
    out.target("/");
    out.set("Host", "127.0.0.1:4566");
    out.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    out.set(by_date ? "Date" : "X-Amz-Date", by_date ? http::write_date(at) : ec2::amz_time(at));
    if (!token.empty()) out.set("X-Amz-Security-Token", token);
    out.body() = "Action=DescribeInstances&Version=2016-11-15";
    if (with_hash) out.set("x-amz-content-sha256", ec2::sha256_hex(out.body()));
    ec2::RequestToSign to_sign;
    for (const auto& line : out) {
      to_sign.headers.push_back({std::string(line.name_string()), std::string(line.value())});
    }
    to_sign.payload_hash = ec2::sha256_hex(out.body());
    const ec2::SigningScope scope{ec2::amz_time(at).substr(0, 8), "us-east-1", service};
    const std::string signature = ec2::sign(to_sign, ec2::amz_time(at), scope, secret);
    out.set("Authorization", ec2::to_header({.access_key_id = key_id,
                                             .scope = scope,
                                             .signed_headers = ec2::signed_names(to_sign.headers),
                                             .signature = signature}));
    return out;
  }
};

const std::vector<KnownCredentials> kKnown = {{"AKIDEXAMPLE", kSecret},
                                              {"ASIATEMPORARY", "other", "session"}};

// Empty: let in.
std::string code_of(const http::Request& request, SignatureMode mode = SignatureMode::kVerify) {
  const auto checked = SignatureCheck(mode, kKnown).check(request, kNow);
  return checked ? "" : std::string(checked.error().code.text());
}

}  // namespace

TEST_CASE("what is signed right is let in", "[ec2]") {
  CHECK(code_of(Signing{}.request()).empty());
  CHECK(code_of(Signing{.at = kNow - std::chrono::minutes(14)}.request()).empty());
  CHECK(code_of(Signing{.at = kNow + std::chrono::minutes(14)}.request()).empty());
  CHECK(code_of(Signing{.by_date = true}.request()).empty());
  CHECK(code_of(Signing{.with_hash = true}.request()).empty());
  CHECK(code_of(Signing{.key_id = "ASIATEMPORARY", .secret = "other", .token = "session"}.request())
            .empty());
}

TEST_CASE("what is signed wrong is refused, by what is wrong", "[ec2]") {
  CHECK(code_of(Signing{.key_id = "AKIDOTHER"}.request()) == "AuthFailure");
  CHECK(code_of(Signing{.secret = "wrong"}.request()) == "AuthFailure");
  CHECK(code_of(Signing{.token = "session"}.request()) == "AuthFailure");
  CHECK(code_of(Signing{.key_id = "ASIATEMPORARY", .secret = "other", .token = "old"}.request()) ==
        "AuthFailure");
  CHECK(code_of(Signing{.service = "s3"}.request()) == "AuthFailure");
  CHECK(code_of(Signing{.at = kNow - std::chrono::minutes(16)}.request()) == "RequestExpired");
  CHECK(code_of(Signing{.at = kNow + std::chrono::minutes(16)}.request()) == "RequestExpired");
}

TEST_CASE("a request that was changed on its way is refused", "[ec2]") {
  http::Request body = Signing{}.request();
  body.body() += "&DryRun=true";
  CHECK(code_of(body) == "AuthFailure");
  http::Request header = Signing{}.request();
  header.set("Content-Type", "text/plain");
  CHECK(code_of(header) == "AuthFailure");
  http::Request unsigned_header = Signing{}.request();
  unsigned_header.set("User-Agent", "anybody");
  CHECK(code_of(unsigned_header).empty());
  http::Request gone = Signing{}.request();
  gone.erase("Content-Type");
  CHECK(code_of(gone) == "IncompleteSignature");
  http::Request hash = Signing{.with_hash = true}.request();
  hash.body() += " ";
  CHECK(code_of(hash) == "AuthFailure");
}

TEST_CASE("without a signature, or with none that can be read", "[ec2]") {
  http::Request none = Signing{}.request();
  none.erase("Authorization");
  CHECK(code_of(none) == "MissingAuthenticationToken");
  http::Request other = Signing{}.request();
  other.set("Authorization", "Basic YTpi");
  CHECK(code_of(other) == "IncompleteSignature");
  http::Request undated = Signing{}.request();
  undated.erase("X-Amz-Date");
  CHECK(code_of(undated) == "IncompleteSignature");
  http::Request misdated = Signing{}.request();
  misdated.set("X-Amz-Date", "yesterday");
  CHECK(code_of(misdated) == "IncompleteSignature");
}

TEST_CASE("the milder modes let in what they do not look at", "[ec2]") {
  const http::Request wrong =
      Signing{.at = kNow - std::chrono::hours(9), .key_id = "AKIDOTHER", .secret = "wrong"}
          .request();
  CHECK(code_of(wrong, SignatureMode::kParse).empty());
  CHECK(code_of(wrong, SignatureMode::kOff).empty());
  http::Request none = wrong;
  none.erase("Authorization");
  CHECK(code_of(none, SignatureMode::kParse) == "MissingAuthenticationToken");
  CHECK(code_of(none, SignatureMode::kOff).empty());
}

}  // namespace casim::sim
