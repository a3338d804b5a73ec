// Reports as their readers meet them: in a browser.
#include <iostream>

#include "tests/catch.h"
#include "tests/report/browser.h"
#include "tests/report/program.h"

using namespace casim::sim;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// How many colours each canvas of the page shows, by its id. A blank one shows one.
constexpr const char* kColours = R"(
Object.fromEntries([...document.querySelectorAll('canvas')].map((canvas) => {
  const pixels = new Uint32Array(canvas.getContext('2d')
      .getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  return [canvas.id, new Set(pixels).size];
})))";

// What the canvas of the pods shows, to tell one view from another.
constexpr const char* kPicture = "document.getElementById('chart-pods').toDataURL()";
constexpr const char* kRange = "document.body.dataset.range.split(' ').map(Number)";
constexpr const char* kBox = R"(
(() => { const canvas = document.getElementById('chart-pods');
         canvas.scrollIntoView({block: 'center'});
         const box = canvas.getBoundingClientRect();
         return [box.left, box.top, box.width, box.height]; })())";

void check_zoom(Browser& browser) {
  const json whole = browser.evaluate(kRange);
  const json picture = browser.evaluate(kPicture);
  const double end = whole[1];
  const json box = browser.evaluate(kBox);
  const double left = box[0];
  const double width = box[2];
  const double y = static_cast<double>(box[1]) + static_cast<double>(box[3]) / 2;
  browser.drag(left + 0.4 * width, left + 0.6 * width, y);
  const json zoomed = browser.evaluate(kRange);
  CHECK(zoomed[0] > 0.25 * end);
  CHECK(zoomed[1] < 0.75 * end);
  CHECK(static_cast<double>(zoomed[1]) - static_cast<double>(zoomed[0]) < 0.3 * end);
  CHECK(browser.evaluate(kPicture) != picture);
  browser.press("-");  // the canvas has the focus
  CHECK(browser.evaluate(kRange)[0] < zoomed[0]);
  browser.double_click(left + 0.5 * width, y);
  CHECK(browser.evaluate(kRange) == whole);
  browser.evaluate("document.querySelector('[data-zoom=in]').click()");
  CHECK(browser.evaluate(kRange)[1] < whole[1]);
  browser.evaluate("document.querySelector('[data-zoom=all]').click()");
  CHECK(browser.evaluate(kRange) == whole);
}

void check_report(Browser& browser, const fs::path& file) {
  browser.open(file);
  const json colours = browser.evaluate(kColours);
  CHECK(colours.size() >= 5);
  for (const auto& [canvas, count] : colours.items()) {
    CAPTURE(canvas);
    CHECK(count > 4);
  }
  // Nothing is wider than the page: tables scroll by themselves.
  CHECK(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"));
  check_zoom(browser);
  for (const std::string& complaint : browser.complaints()) FAIL_CHECK(complaint);
  for (const std::string& request : browser.requests()) FAIL_CHECK(request);
}

}  // namespace

TEST_CASE("reports of scenarios with faults draw, zoom and ask nobody", "[report]") {
  const auto program = Browser::find();
  if (!program) {
    std::cout << "skipped: there is no chromium (Debian's package chromium; ./test.sh installs "
                 "it)\n";
    return;
  }
  const ProgramFolder folder("browser_test");
  const std::vector<std::string> names = shipped_scenarios(true);
  REQUIRE(names.size() >= 10);
  Browser browser(*program, folder / "profile");
  for (const std::string& name : names) {
    CAPTURE(name);
    REQUIRE(ProgramFolder::run("run scenarios/" + name + ".json --quiet --out " +
                               (folder / name).string()) <= 1);
    browser.set_width(1280, 900);
    check_report(browser, folder / name / "report.html");
  }
  const fs::path last = folder / names.back() / "report.html";
  browser.set_width(390, 844);
  check_report(browser, last);
  browser.set_width(1280, 900);
  browser.set_media("screen", "dark");
  check_report(browser, last);
  browser.save_print(folder / "print.pdf");
  CHECK(read_file(folder / "print.pdf").starts_with("%PDF"));
}
