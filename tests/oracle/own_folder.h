// A folder for files of one test, gone when the test is over.
#pragma once

#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace casim::oracle {

class OwnFolder {
 public:
  OwnFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("casim-oracle-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }

  ~OwnFolder() { std::filesystem::remove_all(path_); }

  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;

  std::string path() const { return path_; }

  // Writes a file and says where.
  std::string put(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }

  // The same, compressed.
  std::string put_gzip(const std::string& name, const std::string& text) const {
    const std::string path = path_ / name;
    const gzFile file = gzopen(path.c_str(), "wb");
    gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
    gzclose(file);
    return path;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace casim::oracle
