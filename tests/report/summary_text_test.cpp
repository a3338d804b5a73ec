// The terminal's text, read back: each line is one of a known form, and each number in it is that
// of summary.json, rounded to the digits that are printed.
#include "sim/report/summary_text.h"

#include <cmath>
#include <optional>
#include <regex>
#include <sstream>

#include "sim/report/summary_json.h"
#include "tests/catch.h"
#include "tests/report/eventful_run.h"

using namespace casim::sim;
using nlohmann::json;

namespace {

// A line with nothing but numbers of fixed places, and the places, in order.
struct Form {
  const char* line;
  std::vector<std::string> places;
};

const std::string kSeconds = R"( +(never|[\d.]+ s))";

const std::vector<Form>& forms() {
  static const std::vector<Form> kForms = {
      {R"(  created +(\d+) \((\d+) asked for, (\d+) of them ran\))",
       {"/pods/created", "/pods/rows", "/pods/rows_run"}},
      {R"(  now +(\d+) pending, (\d+) starting, (\d+) running, (\d+) completed, (\d+) deleted, )"
       R"((\d+) evicted, (\d+) preempted, (\d+) lost)",
       {"/pods/pending", "/pods/starting", "/pods/running", "/pods/completed", "/pods/deleted",
        "/pods/evicted", "/pods/preempted", "/pods/lost"}},
      {R"(  unserved +(\d+) pods wait though a group could take them)", {"/pods/unserved"}},
      {R"(Scale-up latency, by stage \((\d+) pods that waited for a new node\))",
       {"/scale_up_latency/total/count"}},
      {R"(Latency on nodes that were there \((\d+) pods\))",
       {"/existing_node_latency/total/count"}},
      {R"(  ready +peak (\d+), (\d+) at the end; (\d+) registered, (\d+) gone; )"
       R"(([\d.]+) node-hours)",
       {"/nodes/ready_peak", "/nodes/ready_at_end", "/nodes/registered", "/nodes/gone",
        "/nodes/node_hours"}},
      {R"(  overshoot +(\d+) nodes above the ideal peak; ([\d.]+) node-hours in excess; )"
       R"((\d+) extra reversals; (\d+) nodes lived less than 10 min)",
       {"/convergence/overshoot", "/convergence/excess_node_hours", "/convergence/extra_reversals",
        "/convergence/short_lived"}},
      {R"(  never ready +(\d+) machines were paid for and ended, ([\d.]+) hours)",
       {"/machines/never_ready", "/machines/never_ready_hours"}},
      {R"(  leaked +(\d+) machines)", {"/leaked"}},
      {R"(  autoscaler +(\d+) loops, (\d+) scale-ups of (\d+) nodes in all, (\d+) removed)",
       {"/autoscaler/loops", "/autoscaler/scale_ups", "/autoscaler/slots_ordered",
        "/autoscaler/nodes_removed"}},
      {R"( +p50 +p90 +p99 +max +tail)", {}},
      {R"((Pods|Nodes|Calls|Notes)?)", {}},
      {R"(  note +a number that is assumed)", {}},
      {R"(               and 2 more, all in summary.json)", {}},  // 7 giants, 5 shown
  };
  return kForms;
}

class Reader {
 public:
  explicit Reader(json summary) : summary_(std::move(summary)) {}

  void read(const std::string& line) {
    CAPTURE(line);
    if (line.starts_with("Scale-up latency")) latency_ = "/scale_up_latency";
    if (line.starts_with("Latency on nodes")) latency_ = "/existing_node_latency";
    const bool is_known = read_fixed(line) || read_ends(line) || read_stage(line) ||
                          read_waits(line) || read_convergence(line) || read_cost(line) ||
                          read_unfit(line) || read_counts(line) || read_retries(line) ||
                          read_calls(line);
    CHECK(is_known);
  }

  int numbers() const { return numbers_; }

 private:
  bool matches(const std::string& line, const std::string& form) {
    return std::regex_match(line, found_, std::regex(form));
  }

  std::string group(std::size_t i) const { return found_[i].str(); }

  const json& at(const std::string& place) const { return summary_.at(json::json_pointer(place)); }

  void check_number(std::string printed, const json& value, double factor = 1) {
    CAPTURE(printed, value.dump());
    ++numbers_;
    if (printed == "never") {
      CHECK(value.is_null());
      return;
    }
    REQUIRE(value.is_number());
    printed = printed.substr(0, printed.find(' '));
    const std::size_t dot = printed.find('.');
    const std::size_t digits = dot == std::string::npos ? 0 : printed.size() - dot - 1;
    const double half = 0.5 * std::pow(10, -static_cast<double>(digits));
    CHECK(std::abs(std::stod(printed) - value.get<double>() * factor) <= half * (1 + 1e-6));
  }

  bool read_fixed(const std::string& line) {
    for (const Form& form : forms()) {
      if (!matches(line, form.line)) continue;
      for (std::size_t i = 0; i < form.places.size(); ++i) {
        check_number(group(i + 1), at(form.places[i]));
      }
      return true;
    }
    return false;
  }

  // What the slowest waited for, and what was ordered meanwhile.
  bool read_waits(const std::string& line) {
    const std::string latency = "/scale_up_latency/";
    if (matches(line, R"( +(\d+) % of the slowest pods' wait is (\w+)(?: and (\w+))?)")) {
      double sum = at(latency + "tail/" + group(2)).get<double>();
      if (found_[3].matched) sum += at(latency + "tail/" + group(3)).get<double>();
      check_number(group(1), sum, 100);
      return true;
    }
    if (!matches(line, R"( +(retry|room) \(([\d.]+) s on average\): (.+))")) return false;
    const std::string stage = group(1);
    const std::string parts = group(3);
    const double mean = at(latency + "stages/" + stage + "/mean").get<double>();
    check_number(group(2), mean);
    const std::vector<std::pair<const char*, const char*>> names = {
        {"failed", R"((\d+) % an order for the pod was open and failed)"},
        {"displaced", R"((\d+) % other pods took its place)"},
        {"blocked", R"((\d+) % nothing was ordered for it)"}};
    for (const auto& [name, form] : names) {
      std::smatch found;
      const double part = at(latency + stage + "/" + name).get<double>();
      const bool is_told = std::regex_search(parts, found, std::regex(form));
      CHECK(is_told == (part >= mean / 100));
      if (is_told) check_number(found[1].str(), part / mean, 100);
    }
    return true;
  }

  void check_settled(const std::string& printed, const json& value) {
    if (printed == "not settled") {
      CHECK(value.is_null());
    } else {
      check_number(printed, value);
    }
  }

  bool read_convergence(const std::string& line) {
    const std::string settled = R"((not settled|[\d.]+ s))";
    if (matches(line, "Convergence: (.+)")) {
      CHECK(group(1) == at("/convergence/verdict").get<std::string>());
      return true;
    }
    if (matches(line, "  settled +service " + settled + ", size " + settled)) {
      check_settled(group(1), at("/convergence/service_settled"));
      check_settled(group(2), at("/convergence/size_settled"));
      return true;
    }
    if (!matches(line, R"(  ([\d.]+ s) +(.+): (\w+), service )" + settled + ", size " + settled)) {
      return false;
    }
    const json& all = at("/convergence/disturbances");
    while (disturbance_ + 1 < all.size() && all.at(disturbance_).at("verdict") == "undecided") {
      ++disturbance_;
    }
    const json& one = all.at(disturbance_++);
    check_number(group(1), one.at("at"));
    CHECK(group(2) == one.at("what").get<std::string>());
    CHECK(group(3) == one.at("verdict").get<std::string>());
    check_settled(group(4), one.at("service_settled"));
    check_settled(group(5), one.at("size_settled"));
    return true;
  }

  bool read_cost(const std::string& line) {
    if (matches(line, R"(  cost +([\d.]+) USD, (\d+) % of it for nothing)")) {
      check_number(group(1), at("/cost/usd"));
      check_number(group(2), at("/cost/waste"), 100);
      return true;
    }
    if (!matches(line, R"(  passed over +(\w+) for ([\d.]+ s): (.+))")) return false;
    check_number(group(2), at("/groups/" + group(1) + "/skipped_s").at(group(3)));
    return true;
  }

  // The first line and the last.
  bool read_ends(const std::string& line) {
    if (matches(line, R"((\S+)  seed (\d+)  (\d+) s simulated  PARTIAL: stopped by (\w+))")) {
      CHECK(group(1) == at("/scenario").get<std::string>());
      check_number(group(2), at("/seed"));
      check_number(group(3), at("/end_s"));
      CHECK(at("/partial").get<bool>());
      CHECK(group(4) == at("/stopped_by").get<std::string>());
      return true;
    }
    if (!matches(line, R"(  digest (\w+)  \((\d+) facts, \d+ events\))")) return false;
    CHECK(group(1) == at("/digest").get<std::string>());
    check_number(group(2), at("/facts"));
    return true;
  }

  bool read_stage(const std::string& line) {
    if (!matches(line, R"(  (\w+))" + kSeconds + kSeconds + kSeconds + kSeconds +
                           R"((?: +([\d.]+) %)?)")) {
      return false;
    }
    const std::string name = group(1);
    const json& quantiles = at(latency_ + (name == "total" ? "/total" : "/stages/" + name));
    check_number(group(2), quantiles.at("p50"));
    check_number(group(3), quantiles.at("p90"));
    check_number(group(4), quantiles.at("p99"));
    check_number(group(5), quantiles.at("max"));
    if (name != "total") check_number(group(6), at(latency_ + "/tail/" + name), 100);
    return true;
  }

  bool read_unfit(const std::string& line) {
    if (!matches(line, R"((?:  never fit   |              ) (\S+): (.+))")) return false;
    const json& pod = at("/pods/unfit").at(unfit_++);
    CHECK(group(1) == pod.at("pod").get<std::string>());
    CHECK(group(2) == pod.at("reason").get<std::string>());
    return true;
  }

  // "2 InsufficientInstanceCapacity, 1 NeverJoined": all that the place has, and nothing else.
  void check_counts(const std::string& text, const json& counts) {
    std::size_t seen = 0;
    std::istringstream items(text);
    for (std::string count, name; items >> count >> name; ++seen) {
      if (name.ends_with(',')) name.pop_back();
      REQUIRE(counts.contains(name));
      check_number(count, counts.at(name));
    }
    CHECK(seen == counts.size());
  }

  bool read_counts(const std::string& line) {
    if (matches(line, R"(  (loop errors|failed) +(\d.+))")) {
      const bool errors = group(1) == "loop errors";
      check_counts(group(2), at(errors ? "/autoscaler/loop_errors" : "/autoscaler/slot_failures"));
      return true;
    }
    if (!matches(line, R"(  ec2 +(\w+): (\d.+))")) return false;
    check_counts(group(2), at("/ec2/calls/" + group(1)));
    return true;
  }

  bool read_retries(const std::string& line) {
    if (!matches(
            line,
            R"(  retried +(\w+): (\d+) retries, (\d+) calls made again, ([\d.]+) s in backoff)")) {
      return false;
    }
    const json& client = at("/ec2/client/" + group(1));
    check_number(group(2), client.at("retries"));
    check_number(group(3), client.at("calls_again"));
    check_number(group(4), client.at("backoff_s"));
    return true;
  }

  bool read_calls(const std::string& line) {
    if (matches(line, R"(  rpc +(\d+) calls, (\d+) of them on the wire)")) {
      std::int64_t calls = 0;
      std::int64_t wire = 0;
      for (const json& method : at("/rpc")) {
        calls += method.at("calls").get<std::int64_t>();
        wire += method.at("wire").get<std::int64_t>();
      }
      check_number(group(1), calls);
      check_number(group(2), wire);
      return true;
    }
    if (!matches(line, R"( +(\d+) (\w+))")) return false;
    check_number(group(1), at("/rpc/" + group(2) + "/calls"));
    return true;
  }

  json summary_;
  std::string latency_;  // the table of stages that the lines are of
  std::size_t unfit_ = 0;
  std::size_t disturbance_ = 0;
  int numbers_ = 0;
  std::smatch found_;
};

}  // namespace

TEST_CASE("each number that the terminal shows is that of summary.json", "[report]") {
  const Summary summary = eventful_run();
  Reader reader(json::parse(to_json(summary)));
  std::istringstream lines(to_text(summary, {.colour = false, .width = 1000}));
  for (std::string line; std::getline(lines, line);) reader.read(line);
  CHECK(reader.numbers() > 100);
}
