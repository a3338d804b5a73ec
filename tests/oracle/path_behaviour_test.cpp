// What follows from the rules of the recorded cases, beyond them: the figures are those that were
// measured on the real controllers (provisioning-paths.md 1.2, 1.3).
#include <algorithm>
#include <string>
#include <vector>

#include "oracle/paths/path_story.h"
#include "tests/catch.h"

using casim::oracle::Json;
using casim::oracle::PathStory;
using casim::oracle::run_queue_case;
using casim::oracle::run_request_case;

namespace {

Json request(double service, double lag, Json post, double duration = 200) {
  return {{"count", 1},
          {"max_reconcile_rate", 10},
          {"http_s", service},
          {"kube_write_s", 0.01},
          {"watch_delay_s", lag},
          {"known_url", true},
          {"post", std::move(post)},
          {"duration_s", duration},
          {"kind", "Request"}};
}

std::vector<double> posts_of(const PathStory& story) {
  std::vector<double> times;
  for (const auto& call : story.calls) {
    if (call.method == "POST") times.push_back(call.t);
  }
  return times;
}

const Json kRefused = Json::array({{{"status", 503}}});
const Json kAccepted = Json::array({{{"status", 201}}});

}  // namespace

TEST_CASE("a create answered with an HTTP error is sent again after half a minute or a whole one",
          "[paths]") {
  struct Row {
    double service;
    double lag;  // above or below the time of a write
    double least;
    double most;
  };

  const auto row = GENERATE(values<Row>({
      {0.3, 0.005, 30.5, 35},
      {0.8, 0.005, 30.5, 35},
      {1.8, 0.005, 30.5, 35.1},
      {2.5, 0.005, 30.5, 35},
      {2, 0.005, 63, 65},
      {4, 0.005, 63, 65},
      {5, 0.005, 69, 71},
      {8, 0.005, 39, 41},
      {0.5, 0.05, 57, 65},
      {1, 0.05, 57, 65},
      {2, 0.05, 57, 65},
      {3, 0.05, 66, 68},
      {8, 0.05, 39, 41},
  }));
  CAPTURE(row.service, row.lag);
  const std::vector<double> posts =
      posts_of(run_request_case(request(row.service, row.lag, kRefused)));
  REQUIRE(posts.size() >= 2);
  CHECK(posts[1] - posts[0] >= row.least);
  CHECK(posts[1] - posts[0] <= row.most);
}

TEST_CASE("a create that was accepted and not answered doubles a machine that cannot be looked up",
          "[paths]") {
  struct Row {
    const char* name;
    bool is_known;
    int machines;
  };

  const auto row = GENERATE(values<Row>({
      {"looked up by the id of a reply that was lost", false, 2},
      {"looked up by its own name", true, 1},
  }));
  CAPTURE(row.name);
  const Json timed_out = {{"fault", "hang"}, {"after_accept", true}};
  Json given = request(0.2, 0.005, Json::array({timed_out, {{"status", 201}}}));
  given["known_url"] = row.is_known;
  given["wait_timeout_s"] = 30;
  CHECK(run_request_case(given).created == row.machines);
}

TEST_CASE("a machine that stays invisible for longer than the grace is made again", "[paths]") {
  Json given = request(0.2, 0.005, kAccepted, 300);
  given["invisible_s"] = 45;
  given["known_url"] = false;
  CHECK(run_request_case(given).created == 3);
  given["invisible_s"] = 25;
  CHECK(run_request_case(given).created == 1);
}

TEST_CASE("a cache behind the calls makes an accepted create count as failed", "[paths]") {
  Json given = request(0.02, 0.05, kAccepted, 60);
  given["known_url"] = false;
  CHECK(run_request_case(given).created == 5);
  given["known_url"] = true;
  CHECK(run_request_case(given).created == 1);
}

TEST_CASE("what is removed within the grace stays until the first check past it", "[paths]") {
  Json given = request(1, 0.005, kRefused);
  given["delete_at_s"] = 10;
  const PathStory story = run_request_case(given);
  REQUIRE(story.gone_at);
  CHECK(*story.gone_at == Approx(48).margin(1));
}

TEST_CASE("creates are bound by the workers, or by the bucket once its burst is spent", "[paths]") {
  Json given = request(2, 0.005, kAccepted, 100);
  given["count"] = 100;
  const std::vector<double> posts = posts_of(run_request_case(given));
  REQUIRE(posts.size() == 100);
  // Ten workers, and 4.06 s for each create.
  const auto before = [&](double t) {
    return std::ranges::count_if(posts, [t](double at) { return at < t; });
  };
  CHECK(before(4) == 10);
  CHECK(before(20.2) == 50);
  CHECK(posts.back() == Approx(39).margin(0.7));
}

TEST_CASE("a DisposableRequest is sent again when its rules say so", "[paths]") {
  struct Row {
    const char* name;
    Json more;
    std::vector<double> sends;
  };

  const Json unexpected = Json::array({{{"status", 200}, {"body", "{\"job\":\"wait\"}"}}});
  const auto row = GENERATE_COPY(values<Row>({
      {"an HTTP error", {{"post", kRefused}}, {0, 1, 5, 14, 30, 62, 122}},
      {"not as expected",
       {{"post", unexpected}, {"expected_response", ".body.job == \"done\""}},
       {0, 61, 121}},
      {"not as expected with a limit, next after 10 s",
       {{"post", unexpected},
        {"expected_response", ".body.job == \"done\""},
        {"rollback_retries_limit", 5},
        {"next_reconcile_s", 10}},
       {0, 41, 73}},
      {"an HTTP error with a limit, next after 20 s",
       {{"post", kRefused}, {"rollback_retries_limit", 3}, {"next_reconcile_s", 20}},
       {0, 20, 40}},
  }));
  CAPTURE(row.name);
  Json given = request(0.2, 0.005, kRefused, 130);
  given["kind"] = "DisposableRequest";
  given.update(row.more);
  const std::vector<double> posts = posts_of(run_request_case(given));
  REQUIRE(posts.size() >= row.sends.size());
  for (std::size_t i = 0; i < row.sends.size(); ++i) {
    CAPTURE(i);
    CHECK(posts[i] == Approx(row.sends[i]).margin(1.3));
  }
}

TEST_CASE("after a long outage Cluster API waits for more than ten minutes", "[paths]") {
  Json script = Json::array();
  for (int i = 0; i < 18; ++i) script.push_back("error");  // up to 11 min after the first
  script.push_back("ok");
  const Json given = {{"limiter", {{"kind", "cluster_api"}, {"spacing_s", 1}}},
                      {"priority_queue", true},
                      {"items", 1},
                      {"workers", 1},
                      {"service_s", 0},
                      {"script", script},
                      {"events_at_s", Json::array()},
                      {"duration_s", 2000}};
  const std::vector<double> rounds = run_queue_case(given).lists.at("attempts_at_s");
  REQUIRE(rounds.size() == 19);
  CHECK(rounds[18] - rounds[17] > 600);
}
