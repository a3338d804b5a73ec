// A headless Chromium, driven from outside over a pair of pipes by the DevTools protocol: one JSON
// message after the other, each ended by a zero byte.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace casim::sim {

class Browser {
 public:
  // The program, or none where it is not installed.
  static std::optional<std::string> find();

  // `profile`: a folder of its own.
  Browser(const std::string& program, const std::filesystem::path& profile);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void set_width(int width, int height);
  void set_media(const std::string& media, const std::string& colour_scheme);
  // Loads a page in a new tab and waits until it is whole.
  void open(const std::filesystem::path& file);

  // What the expression gives. Throws what the page throws.
  nlohmann::json evaluate(const std::string& expression);
  void drag(double from_x, double to_x, double y);
  void double_click(double x, double y);
  void press(const std::string& key);
  // Writes a picture of the whole page, or its print.
  void save_picture(const std::filesystem::path& file);
  void save_print(const std::filesystem::path& file);

  // Since the page was opened: errors and warnings of its console, exceptions, and what it asked
  // the network for beside itself.
  const std::vector<std::string>& complaints() const { return complaints_; }

  const std::vector<std::string>& requests() const { return requests_; }

 private:
  nlohmann::json call(const std::string& method, const nlohmann::json& parameters);
  nlohmann::json next_message();
  void note(const nlohmann::json& event);
  void mouse(const std::string& type, double x, double y, int clicks);

  pid_t process_ = -1;
  int to_ = -1;
  int from_ = -1;
  std::string read_;  // of the next message
  int last_id_ = 0;
  std::string session_;
  std::string url_;
  bool is_loaded_ = false;
  std::vector<std::string> complaints_;
  std::vector<std::string> requests_;
};

}  // namespace casim::sim
