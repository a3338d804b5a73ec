#include "tests/report/browser.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace casim::sim {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kPatienceMs = 120'000;  // for one message; a loaded machine is slow

std::string decode_base64(const std::string& text) {
  std::string out;
  unsigned bits = 0;
  int have = 0;
  for (const char c : text) {
    const std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t digit = digits.find(c);
    if (digit == std::string_view::npos) break;
    bits = (bits << 6U | static_cast<unsigned>(digit)) & 0xFFFFFFU;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out += static_cast<char>(bits >> static_cast<unsigned>(have) & 0xFFU);
  }
  return out;
}

void write_bytes(const fs::path& file, const std::string& base64) {
  std::ofstream(file, std::ios::binary) << decode_base64(base64);
}

// Where the protocol wants them.
[[noreturn]] void become_browser(const std::string& program, const fs::path& profile, int in,
                                 int out) {
  const int high_in = fcntl(in, F_DUPFD, 10);
  const int high_out = fcntl(out, F_DUPFD, 10);
  dup2(high_in, 3);
  dup2(high_out, 4);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; ++fd) dup2(nowhere, fd);
  const std::string data = "--user-data-dir=" + profile.string();
  execlp(program.c_str(), program.c_str(), "--headless=new", "--no-sandbox", "--disable-gpu",
         "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
         "--remote-debugging-pipe", data.c_str(), "about:blank", static_cast<char*>(nullptr));
  _exit(127);
}

}  // namespace

std::optional<std::string> Browser::find() {
  for (const char* program :
       {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"}) {
    if (access(program, X_OK) == 0) return program;
  }
  return std::nullopt;
}

Browser::Browser(const std::string& program, const fs::path& profile) {
  int down[2];
  int up[2];
  if (pipe(down) != 0 || pipe(up) != 0) throw std::runtime_error("no pipe");
  signal(SIGPIPE, SIG_IGN);
  process_ = fork();
  if (process_ == 0) {
    close(down[1]);
    close(up[0]);
    become_browser(program, profile, down[0], up[1]);
  }
  close(down[0]);
  close(up[1]);
  to_ = down[1];
  from_ = up[0];
  const json target = call("Target.createTarget", {{"url", "about:blank"}});
  const json attached =
      call("Target.attachToTarget", {{"targetId", target["targetId"]}, {"flatten", true}});
  session_ = attached["sessionId"];
  for (const char* domain : {"Page", "Runtime", "Log", "Network"}) {
    call(std::string(domain) + ".enable", json::object());
  }
}

Browser::~Browser() {
  close(to_);
  close(from_);
  kill(process_, SIGTERM);
  waitpid(process_, nullptr, 0);
}

json Browser::next_message() {
  while (true) {
    const std::size_t end = read_.find('\0');
    if (end != std::string::npos) {
      json message = json::parse(read_.substr(0, end));
      read_.erase(0, end + 1);
      return message;
    }
    pollfd ready{from_, POLLIN, 0};
    if (poll(&ready, 1, kPatienceMs) <= 0) throw std::runtime_error("the browser is silent");
    char bytes[1 << 16];
    const ssize_t got = ::read(from_, bytes, sizeof bytes);
    if (got <= 0) throw std::runtime_error("the browser is gone");
    read_.append(bytes, static_cast<std::size_t>(got));
  }
}

json Browser::call(const std::string& method, const json& parameters) {
  json message = {{"id", ++last_id_}, {"method", method}, {"params", parameters}};
  if (!session_.empty()) message["sessionId"] = session_;
  const std::string text = message.dump() + '\0';
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t wrote = ::write(to_, text.data() + sent, text.size() - sent);
    if (wrote <= 0) throw std::runtime_error("the browser does not listen");
    sent += static_cast<std::size_t>(wrote);
  }
  while (true) {
    const json answer = next_message();
    if (!answer.contains("id")) {
      note(answer);
    } else if (answer["id"] == last_id_) {
      if (answer.contains("error")) throw std::runtime_error(method + answer["error"].dump());
      return answer["result"];
    }
  }
}

void Browser::note(const json& event) {
  const std::string method = event.value("method", "");
  const json& of = event["params"];
  if (method == "Page.loadEventFired") is_loaded_ = true;
  if (method == "Runtime.exceptionThrown") complaints_.push_back(of["exceptionDetails"].dump());
  if (method == "Runtime.consoleAPICalled") complaints_.push_back(of["args"].dump());
  if (method == "Log.entryAdded") complaints_.push_back(of["entry"].dump());
  if (method == "Network.requestWillBeSent") {
    const std::string url = of["request"]["url"];
    if (url != url_ && !url.starts_with("data:")) requests_.push_back(url);
  }
}

void Browser::set_width(int width, int height) {
  call("Emulation.setDeviceMetricsOverride",
       {{"width", width}, {"height", height}, {"deviceScaleFactor", 1}, {"mobile", width < 600}});
}

void Browser::set_media(const std::string& media, const std::string& colour_scheme) {
  call("Emulation.setEmulatedMedia",
       {{"media", media},
        {"features", {{{"name", "prefers-color-scheme"}, {"value", colour_scheme}}}}});
}

void Browser::open(const fs::path& file) {
  is_loaded_ = false;
  complaints_.clear();
  requests_.clear();
  url_ = "file://" + file.string();
  call("Page.navigate", {{"url", url_}});
  while (!is_loaded_) note(next_message());
}

json Browser::evaluate(const std::string& expression) {
  const json answer =
      call("Runtime.evaluate",
           {{"expression", expression}, {"returnByValue", true}, {"awaitPromise", true}});
  if (answer.contains("exceptionDetails")) {
    throw std::runtime_error(answer["exceptionDetails"].dump());
  }
  return answer["result"].value("value", json());
}

void Browser::mouse(const std::string& type, double x, double y, int clicks) {
  call("Input.dispatchMouseEvent", {{"type", type},
                                    {"x", x},
                                    {"y", y},
                                    {"button", "left"},
                                    {"buttons", type == "mouseReleased" ? 0 : 1},
                                    {"clickCount", clicks}});
}

void Browser::drag(double from_x, double to_x, double y) {
  mouse("mousePressed", from_x, y, 1);
  for (const double part : {0.25, 0.5, 0.75, 1.0}) {
    mouse("mouseMoved", from_x + part * (to_x - from_x), y, 0);
  }
  mouse("mouseReleased", to_x, y, 1);
}

void Browser::double_click(double x, double y) {
  for (const int clicks : {1, 2}) {
    mouse("mousePressed", x, y, clicks);
    mouse("mouseReleased", x, y, clicks);
  }
}

void Browser::press(const std::string& key) {
  call("Input.dispatchKeyEvent", {{"type", "keyDown"}, {"key", key}, {"text", key}});
  call("Input.dispatchKeyEvent", {{"type", "keyUp"}, {"key", key}});
}

void Browser::save_picture(const fs::path& file) {
  const json picture =
      call("Page.captureScreenshot", {{"format", "png"}, {"captureBeyondViewport", true}});
  write_bytes(file, picture["data"]);
}

void Browser::save_print(const fs::path& file) {
  write_bytes(file, call("Page.printToPDF", {{"printBackground", true}})["data"]);
}

}  // namespace casim::sim
