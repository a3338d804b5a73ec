#include "sim/report/result_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace casim::sim {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(const fs::path& target, const std::string& why) {
  return failure(ErrorCode::kFailedPrecondition, target.string() + ": " + why);
}

// A folder that is empty or holds a summary.json and a scenario.json is ours to replace.
bool is_replaceable(const fs::path& target, std::error_code& error) {
  if (fs::is_empty(target, error)) return !error;
  return fs::exists(target / "summary.json", error) && fs::exists(target / "scenario.json", error);
}

}  // namespace

Result<ResultFolder> ResultFolder::open(const fs::path& given) {
  std::error_code error;
  const fs::path target = fs::absolute(given, error).lexically_normal();
  if (fs::exists(target, error)) {
    if (!fs::is_directory(target, error)) return refused(target, "is not a folder");
    if (!is_replaceable(target, error)) {
      return refused(target,
                     "holds something that is not a result of casim; it stays as it is "
                     "(choose another folder with --out)");
    }
  }
  fs::create_directories(target.parent_path(), error);
  if (error) return refused(target, "cannot be made: " + error.message());
  const std::string name = "." + target.filename().string() + "." + std::to_string(::getpid());
  const fs::path temporary = target.parent_path() / name;
  fs::remove_all(temporary, error);
  fs::create_directory(temporary, error);
  if (error) return refused(target, "cannot be written: " + error.message());
  return ResultFolder(target, temporary);
}

ResultFolder::ResultFolder(fs::path target, fs::path temporary)
    : target_(std::move(target)), temporary_(std::move(temporary)) {
  for (const char* file : {"summary.json", "scenario.json", "meta.json", "series.csv", "pods.csv",
                           "events.jsonl.gz", "report.html", "trace.json"}) {
    files_.push_back((temporary_ / file).string());
  }
}

ResultFolder::ResultFolder(ResultFolder&& other) noexcept
    : target_(std::move(other.target_)),
      temporary_(std::move(other.temporary_)),
      files_(std::move(other.files_)) {
  other.temporary_.clear();
}

ResultFolder::~ResultFolder() {
  if (temporary_.empty()) return;
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

void ResultFolder::abandon() const noexcept {
  if (temporary_.empty()) return;
  for (const std::string& file : files_) ::unlink(file.c_str());
  ::rmdir(temporary_.c_str());
}

Result<void> ResultFolder::commit() {
  std::error_code error;
  // The two change places at once, so that the name always has a whole result.
  if (::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) == 0) {
    fs::remove_all(temporary_, error);
    temporary_.clear();
    return {};
  }
  // There is none yet, or the file system knows no exchange.
  const fs::path old = temporary_.string() + ".old";
  if (fs::exists(target_, error)) {
    fs::rename(target_, old, error);
    if (error) return refused(target_, "cannot be replaced: " + error.message());
  }
  fs::rename(temporary_, target_, error);
  if (error) return refused(target_, "cannot be written: " + error.message());
  temporary_.clear();
  fs::remove_all(old, error);
  return {};
}

}  // namespace casim::sim
