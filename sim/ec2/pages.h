// Pages of the describe actions. A token says after which item the next page starts, and of which
// listing it is; each is made once, so that no client sees one again. Source: ec2.md 1.4, 9.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "src/ec2/attempt.h"

namespace casim::sim {

// What a request says of pages.
struct PageRequest {
  std::uint64_t listing = 0;  // hash of the action and of what narrows it
  int max_results = 0;        // 0: not said
  std::string next_token;

  bool is_paged() const { return max_results != 0 || !next_token.empty(); }
};

// The tokens of one account.
class PageTokens {
 public:
  // Positions are keys of the listing's order.
  std::string issue(std::uint64_t listing, const std::string& position);
  // None: not one of that listing.
  std::optional<std::string> position_of(std::uint64_t listing, const std::string& token) const;

 private:
  std::uint64_t issued_ = 0;
};

// Where the page starts: after that position; empty: at the first item. InvalidPaginationToken.
ec2::Attempt<std::string> start_of(const PageTokens& tokens, const PageRequest& page);

// InvalidParameterValue.
ec2::Attempt<void> check_max_results(int max_results, int least, int most);

}  // namespace casim::sim
