// Forms and XML text, character by character.
#include <string>

#include "src/ec2/query/form.h"
#include "src/ec2/query/leaf.h"
#include "src/ec2/query/xml_reader.h"
#include "src/ec2/query/xml_text.h"
#include "tests/catch.h"

#include <boost/property_tree/ptree.hpp>

namespace casim::ec2::query {

TEST_CASE("every byte survives a form", "[ec2]") {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const auto form = parse_form(escape_form(all) + "=" + escape_form(all) + "&b");
  REQUIRE(form);
  CHECK(*form == Form{{all, all}, {"b", ""}});
  CHECK(escape_form("aZ09-._~ */:é") == "aZ09-._~+%2A%2F%3A%C3%A9");
  CHECK(parse_form("&&a=1&")->size() == 1);
  CHECK(parse_form("a=%2f%2F")->front().second == "//");
}

TEST_CASE("text survives XML, also white space at its ends and alone", "[ec2]") {
  for (const std::string text :
       {"plain", " a ", "  ", "\n", "\r\n", "a\rb", "<&>\"'", "]]>", "é\xF0\x9F\x98\x80", ""}) {
    CAPTURE(text);
    const auto document = parse_xml("<a>" + escape_xml(text) + "</a>");
    REQUIRE(document);
    CHECK(text_of(element(&*document, "a")) == text);
    CHECK(is_xml_text(text));
  }
}

TEST_CASE("what XML cannot hold is seen, and replaced", "[ec2]") {
  const std::string wrong =
      GENERATE(as<std::string>(), "\x01", "\x7F\x80", "\xC3", "\xC0\xAF", "\xE0\x80\x80",
               "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xEF\xBF\xBE", "\xF0\x9F\x98", "\xFF");
  CAPTURE(wrong);
  CHECK_FALSE(is_xml_text("a" + wrong + "b"));
  CHECK(is_xml_text(escape_xml("a" + wrong + "b")));
}

TEST_CASE("times have zone and milliseconds", "[ec2]") {
  using namespace std::chrono_literals;
  const WallTime time = WallTime{} + std::chrono::days(20'458) + 8h + 59ms + 999us;
  CHECK(Leaf<WallTime>::write(time) == "2026-01-05T08:00:00.059Z");
  WallTime read{};
  CHECK(Leaf<WallTime>::read("2026-01-05T08:00:00.059Z", read));
  CHECK(read == time - 999us);
  CHECK_FALSE(Leaf<WallTime>::read("2026-01-05T08:00:00", read));
}

TEST_CASE("numbers are read whole or not at all", "[ec2]") {
  int number = 7;
  for (const char* text : {"", " 1", "1 ", "+1", "0x1", "1e3", "2147483648", "-2147483649"}) {
    CAPTURE(text);
    CHECK_FALSE(Leaf<int>::read(text, number));
  }
  CHECK(Leaf<int>::read("-12", number));
  CHECK(number == -12);
  double real = 0;
  for (const char* text : {"inf", "nan", "1e999", "1,5", ""}) {
    CAPTURE(text);
    CHECK_FALSE(Leaf<double>::read(text, real));
  }
  MebiBytes size;
  CHECK_FALSE(Leaf<MebiBytes>::read("9223372036854775807", size));
  CHECK_FALSE(Leaf<MebiBytes>::read("-1", size));
}

}  // namespace casim::ec2::query
