// AWS's published examples: the signature suite of its documentation (2015-08-30, key AKIDEXAMPLE)
// and the worked example of the signing page (IAM ListUsers).
#include "src/ec2/sigv4.h"

#include <string>
#include <vector>

#include "tests/catch.h"

using namespace casim;
using namespace casim::ec2;

namespace {

constexpr const char* kSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr const char* kTime = "20150830T123600Z";
const SigningScope kScope{"20150830", "us-east-1", "service"};

RequestToSign example(std::string method, std::vector<HeaderLine> more = {}) {
  RequestToSign request;
  request.method = std::move(method);
  request.headers = {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", kTime}};
  for (HeaderLine& header : more) request.headers.push_back(std::move(header));
  request.payload_hash = sha256_hex("");
  return request;
}

RequestToSign with_query(std::string query) {
  RequestToSign request = example("GET");
  request.query = std::move(query);
  return request;
}

RequestToSign form() {
  RequestToSign request = example("POST", {{"Content-Type", "application/x-www-form-urlencoded"}});
  request.payload_hash = sha256_hex("Param1=value1");
  return request;
}

}  // namespace

TEST_CASE("requests of AWS's signature suite get the published signatures", "[ec2]") {
  struct Row {
    const char* name;
    RequestToSign request;
    const char* signature;
  };

  const auto row = GENERATE(values<Row>({
      {"get-vanilla", example("GET"),
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case", with_query("Param2=value2&Param1=value1"),
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-header-value-trim",
       example("GET", {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}),
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"get-header-key-duplicate",
       example("GET",
               {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}}),
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"post-vanilla", example("POST"),
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-x-www-form-urlencoded", form(),
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
  }));
  CAPTURE(row.name);
  CHECK(sign(row.request, kTime, kScope, kSecret) == row.signature);
}

TEST_CASE("each step of the worked example is the published one", "[ec2]") {
  const SigningScope scope{"20150830", "us-east-1", "iam"};
  RequestToSign request;
  request.method = "GET";
  request.query = "Action=ListUsers&Version=2010-05-08";
  request.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"},
                     {"host", "iam.amazonaws.com"},
                     {"x-amz-date", kTime}};
  request.payload_hash = sha256_hex("");
  const std::string canonical = canonical_request(request);
  CHECK(sha256_hex(canonical) ==
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  CHECK(string_to_sign(kTime, scope, canonical) ==
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/iam/aws4_request\n"
        "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  CHECK(sign(request, kTime, scope, kSecret) ==
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST_CASE("an Authorization header is read back as it was written", "[ec2]") {
  const std::string signature(64, 'a');
  const std::string text = to_header({"AKIDEXAMPLE", kScope, {"host", "x-amz-date"}, signature});
  CHECK(text ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=" +
            signature);
  const auto read = parse_authorization(text);
  REQUIRE(read);
  CHECK(read->access_key_id == "AKIDEXAMPLE");
  CHECK(read->scope == kScope);
  CHECK(read->signed_headers == std::vector<std::string>{"host", "x-amz-date"});
  CHECK(read->signature == signature);
}

TEST_CASE("headers that are no signature of this kind are not taken for one", "[ec2]") {
  const std::string tail = "SignedHeaders=host, Signature=" + std::string(64, 'a');
  const auto header = GENERATE_COPY(values<std::string>({
      "",
      "Basic dXNlcjpw",
      "AWS4-HMAC-SHA256",
      "AWS4-HMAC-SHA256 " + tail,
      "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/ec2, " + tail,
      "AWS4-HMAC-SHA256 Credential=A/2015/us-east-1/ec2/aws4_request, " + tail,
      "AWS4-HMAC-SHA256 Credential=/20150830/us-east-1/ec2/aws4_request, " + tail,
      "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/ec2/aws4_request, SignedHeaders=host, "
      "Signature=xyz",
      "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/ec2/aws4_request, SignedHeaders=host",
  }));
  CAPTURE(header);
  CHECK_FALSE(parse_authorization(header));
}

TEST_CASE("a client without a region has an empty one in its scope", "[ec2]") {
  const auto read = parse_authorization(
      "AWS4-HMAC-SHA256 Credential=A/20150830//ec2/aws4_request, SignedHeaders=host, Signature=" +
      std::string(64, '0'));
  REQUIRE(read);
  CHECK(read->scope.region.empty());
}

TEST_CASE("times of signatures are whole seconds in UTC", "[ec2]") {
  const auto time = parse_amz_time(kTime);
  REQUIRE(time);
  CHECK(amz_time(*time) == kTime);
  CHECK(amz_time(*time + std::chrono::milliseconds(999)) == kTime);
  for (const char* text : {"", "20150830T123600", "20150230T123600Z", "20150830T243600Z",
                           "2015-08-30T12:36Z", "20150830T12360xZ", "99990830T123600Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_amz_time(text));
  }
}

TEST_CASE("comparison sees every difference", "[ec2]") {
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
}
