// What provider-http called in the recordings: a server that answers by a script, and keeps what it
// has created.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracle/paths/path_story.h"
#include "sim/kernel/kernel.h"
#include "sim/paths/crossplane/http_target.h"

namespace casim::oracle {

class ScriptedServer : public sim::HttpTarget {
 public:
  // The kernel outlives it, and so does what is given.
  ScriptedServer(sim::Kernel& kernel, const Json& given);

  Awaitable<sim::HttpReply> send(sim::HttpCall call) override;

  const std::vector<PathCall>& calls() const { return calls_; }

  int created() const { return static_cast<int>(things_.size()); }

 private:
  // How a call goes, as it begins.
  struct Outcome {
    int status = 0;     // 0: a fault
    std::string fault;  // reset, hang
    std::optional<Duration> takes;
    bool has_effect = false;  // also of a fault
    std::string body;
  };

  struct Thing {
    std::uint32_t object;
    TimePoint visible;
    TimePoint gone = kTimeNever;
  };

  Outcome outcome_of(const Json& row) const;
  Outcome next_outcome(const sim::HttpCall& call);
  void take_effect(const sim::HttpCall& call, sim::HttpReply& reply);
  bool is_there(const Thing& thing) const;
  bool finds(const sim::HttpCall& call) const;
  bool is_expected(const std::string& body) const;
  int note(const sim::HttpCall& call);

  sim::Kernel& kernel_;
  const Json& given_;
  bool is_url_known_;
  std::vector<PathCall> calls_;
  std::map<std::pair<std::string, std::uint32_t>, std::size_t> sent_;  // by method and object
  std::vector<Thing> things_;
  TimePoint updated_ = kTimeNever;  // first update that worked; never: none did
};

const char* method_name(sim::HttpMethod method);

}  // namespace casim::oracle
