// The folder of a result. Files are written to a temporary folder beside it, which takes its place
// in one rename, so that a result is either whole or not there. An earlier result of casim is
// replaced; any other folder is refused before the run starts.
// A result holds summary.json, scenario.json, meta.json and series.csv; if asked pods.csv,
// events.jsonl.gz, report.html and trace.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "src/core/result.h"

namespace casim::sim {

// One result on its way to its folder.
class ResultFolder {
 public:
  // Checks that the target can be written, and makes the temporary folder. kFailedPrecondition: it
  // is a file, holds something else than a result, or cannot be made.
  static Result<ResultFolder> open(const std::filesystem::path& target);
  ResultFolder(ResultFolder&& other) noexcept;
  ResultFolder& operator=(ResultFolder&&) = delete;
  ~ResultFolder();  // an uncommitted result leaves nothing behind

  // Where a file of the result is written until commit().
  std::filesystem::path path(const std::string& file) const { return temporary_ / file; }

  // Where it stands then: what messages call it.
  std::string name_of(const std::string& file) const { return (target_ / file).string(); }

  // Removes what there is of an uncommitted result. Safe in a signal handler.
  void abandon() const noexcept;
  // Puts the folder in the place of the target. Requires: all its files are closed.
  Result<void> commit();

 private:
  ResultFolder(std::filesystem::path target, std::filesystem::path temporary);

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  std::vector<std::string> files_;  // that may be in the temporary folder
};

}  // namespace casim::sim
