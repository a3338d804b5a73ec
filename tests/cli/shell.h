// casim as a user calls it, in a folder of its own that is gone afterwards.
#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace casim::test {

namespace fs = std::filesystem;

struct Output {
  int exit_code = 0;
  std::string out;
  std::string err;
};

class Shell {
 public:
  Shell() {
    std::string name = (fs::temp_directory_path() / "casim_cli_test.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error(name + " cannot be made");
    folder_ = name;
  }

  ~Shell() { fs::remove_all(folder_); }

  Shell(const Shell&) = delete;
  Shell& operator=(const Shell&) = delete;

  const fs::path& path() const { return folder_; }

  fs::path operator/(const std::string& name) const { return folder_ / name; }

  Output run(const std::string& arguments, const std::string& before = "") const {
    const std::string out = (folder_ / "stdout").string();
    const std::string err = (folder_ / "stderr").string();
    const std::string command =
        before + " " CASIM_PROGRAM " " + arguments + " >" + out + " 2>" + err;
    const int status = std::system(command.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(out), read(err)};
  }

  static std::string read(const fs::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

 private:
  fs::path folder_;
};

inline const std::string kBurst = "scenarios/first-burst.json";

inline bool says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace casim::test
