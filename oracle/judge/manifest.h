// The list of the recorded cases that belong to the project, so that none of them can get lost: a
// row for each file of its folder. Text: "LABEL COUNT SHA-256 FILE" a line, "#" starts a comment.
#pragma once

#include <string>
#include <vector>

namespace casim::oracle {

// Of the project's own cases, in the root of a checkout.
inline constexpr const char* kManifestPath = "oracle/cases/manifest.txt";

struct ManifestRow {
  std::string label;  // of its test: quick (run under the sanitizers too) or long
  std::size_t cases = 0;
  std::string sha256;  // of the decompressed text, in hexadecimal digits
  std::string file;    // below the manifest's folder

  bool operator==(const ManifestRow&) const = default;
};

class Manifest {
 public:
  // Throws std::runtime_error where the file cannot be read or a line is no row.
  explicit Manifest(const std::string& path);

  const std::vector<ManifestRow>& rows() const { return rows_; }

  // Where the row's file lies.
  std::string path_of(const ManifestRow& row) const { return folder_ + "/" + row.file; }

  // What differs from the list, one line each, with the row that would be right: files that are
  // missing, broken or changed, and files of cases without a row.
  std::vector<std::string> problems() const;

 private:
  std::string folder_;
  std::vector<ManifestRow> rows_;
};

}  // namespace casim::oracle
