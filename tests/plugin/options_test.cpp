#include "plugin/options.h"

#include <string>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "support/temporary_directory.h"

using namespace shoal::plugin;

namespace {

Manifest manifest_with(const std::string& options) {
  return parse_manifest(
      "web.so", R"({"id": "web", "version": "1", "abi": "1.0", "kind": "check", "options": )" +
                    options + "}");
}

const Manifest web = manifest_with(R"({
  "url": {"type": "string", "required": true, "pattern": "^https?://"},
  "timeout": {"type": "integer", "x-unit": "duration", "default": "10s", "minimum": "1s"},
  "limit": {"type": "integer", "x-unit": "bytes"},
  "port": {"type": "integer", "minimum": 1, "maximum": 65535},
  "ratio": {"type": "number"},
  "follow": {"type": "boolean"},
  "method": {"type": "string", "enum": ["GET", "HEAD"]},
  "paths": {"type": "array", "items": {"type": "string"}},
  "headers": {"type": "object"},
  "tags": {"type": "object", "items": {"type": "object", "properties": {
    "channel": {"type": "string", "required": true},
    "every": {"type": "integer", "x-unit": "duration"},
    "match": {"type": "array", "items": {"type": "string"}}}}},
  "warning": {"type": "string", "format": "threshold"},
  "averages": {"type": "string", "format": "thresholds"},
  "free": {"type": "string", "format": "space"},
  "large": {"type": "string", "format": "size"},
  "expect": {"type": "string", "format": "regex"},
  "later": {"type": "string", "format": "of-a-newer-host"},
  "token": {"type": "string", "x-secret": true}})");

CheckedOptions check(const std::string& members) {
  return check_options(web,
                       R"({"url": "http://a/")" + (members.empty() ? "" : ", " + members) + "}");
}

// "POINTER: TEXT" of the one fault there is.
std::string fault_of(const CheckedOptions& checked) {
  REQUIRE(checked.faults.size() == 1);
  return checked.faults[0].pointer + ": " + checked.faults[0].text;
}

}  // namespace

TEST_SUITE("options") {
  TEST_CASE("get the defaults of the schema") {
    const auto checked = check("");

    CHECK(checked.faults.empty());
    CHECK(checked.json == R"({"timeout":10000,"url":"http://a/"})");
  }

  TEST_CASE("reach the plugin with durations in milliseconds and sizes in bytes") {
    CHECK(check(R"("timeout": "1m30s", "limit": "64KiB")").json ==
          R"({"limit":65536,"timeout":90000,"url":"http://a/"})");
    CHECK(check(R"("limit": 512)").json == R"({"limit":512,"timeout":10000,"url":"http://a/"})");
  }

  TEST_CASE("match names without regard to case, spelled as in the schema") {
    CHECK(check_options(web, R"({"URL": "http://a/"})").json ==
          R"({"timeout":10000,"url":"http://a/"})");
    CHECK(fault_of(check(R"("Url": "http://b/")")) == "/url: is given twice");
  }

  TEST_CASE("name each fault by pointer, expectation and finding") {
    const std::pair<std::string, std::string_view> table[] = {
        {R"("port": "80")", R"(/port: expected an integer, got "80")"},
        {R"("port": 1.5)", "/port: expected an integer, got 1.5"},
        {R"("port": 0)", "/port: expected at least 1, got 0"},
        {R"("port": 70000)", "/port: expected at most 65535, got 70000"},
        {R"("ratio": true)", "/ratio: expected a number, got true"},
        {R"("follow": 1)", "/follow: expected true or false, got 1"},
        {R"("method": "POST")", R"(/method: expected one of "GET", "HEAD", got "POST")"},
        {R"("paths": "a")", R"(/paths: expected an array, got "a")"},
        {R"("paths": ["a", 2])", "/paths/1: expected a string, got 2"},
        {R"("headers": [])", "/headers: expected an object, got []"},
        {R"("timeout": 10)", R"(/timeout: expected a duration like "30s", got 10)"},
        {R"("timeout": "500ms")", R"(/timeout: expected at least "1s", got "500ms")"},
        {R"("limit": "lots")", R"(/limit: expected a size like "64MB", got "lots")"},
        {R"("token": 12345)", "/token: expected a string, got a number"},
        {R"("prot": 80)", R"(/prot: unknown option, did you mean "port"?)"},
        {R"("token_fle": "/x")", R"(/token_fle: unknown option, did you mean "token_file"?)"},
        {R"("colour": 1)", "/colour: unknown option"},
        {R"("port_file": "/x")", "/port_file: unknown option"},
        {R"("token_file": 3)", "/token_file: expected the name of a file"},
        {R"("token_file": "/nonexistent/x")",
         "/token_file: cannot read /nonexistent/x: No such file or directory"},
        {R"("token_file": "/")",
         "/token_file: /: expected a file with a secret of 1 to 65536 bytes"}};
    for (const auto& [members, fault] : table) CHECK(fault_of(check(members)) == fault);
  }

  TEST_CASE("name every fault, not only the first") {
    const auto checked = check_options(web, R"({"port": 0, "prot": 1})");

    CHECK(checked.faults.size() == 3);
    CHECK(checked.faults[2].pointer == "/url");
    CHECK(checked.faults[2].text == "is required and missing");
  }

  TEST_CASE("are checked in tables too, whose names are the user's") {
    CHECK(
        check(R"("tags": {"a/b": {"Channel": "#x", "every": "1m", "match": ["y"]}})").json ==
        R"({"tags":{"a/b":{"channel":"#x","every":60000,"match":["y"]}},"timeout":10000,"url":"http://a/"})");

    const std::pair<std::string, std::string_view> table[] = {
        {R"("a": 3)", "/tags/a: expected an object, got 3"},
        {R"("a": {})", "/tags/a/channel: is required and missing"},
        {R"("a/b": {"channel": 1})", "/tags/a~1b/channel: expected a string, got 1"},
        {R"("a": {"channel": "x", "match": [1]})", "/tags/a/match/0: expected a string, got 1"},
        {R"("a": {"channel": "x", "mach": []})",
         R"(/tags/a/mach: unknown option, did you mean "match"?)"}};
    for (const auto& [members, fault] : table) {
      CHECK(fault_of(check("\"tags\": {" + members + "}")) == fault);
    }
  }

  TEST_CASE("are thresholds where the format says so, as numbers or as text") {
    CHECK(check(R"("warning": 1.5, "averages": "5,~:4,@1:2")").json ==
          R"({"averages":"5,~:4,@1:2","timeout":10000,"url":"http://a/","warning":"1.5"})");
    for (const auto* text :
         {"10", "-1.5", ".5", "1e-3", "10:", "~:10", "10:20", ":5", "@10:20", "@10", "~:"}) {
      CAPTURE(text);
      CHECK(check("\"warning\": \"" + std::string(text) + "\"").faults.empty());
    }
    CHECK(fault_of(check(R"("warning": "soon")")) ==
          "/warning: expected a number or a range like \"10:20\", got \"soon\"");
    CHECK(fault_of(check(R"("warning": "1:2:3")")) ==
          "/warning: expected a number or a range like \"10:20\", got \"1:2:3\"");
    CHECK(fault_of(check(R"("warning": true)")) == "/warning: expected a string, got true");
    CHECK(fault_of(check(R"("averages": "5,,4")")) ==
          "/averages: expected numbers or ranges like \"10:20\", parted by commas, got \"5,,4\"");
  }

  TEST_CASE("are parts of a file system where the format says so") {
    for (const auto* text : {"10%", "0.5%", "5GiB", "10%:", "@1GiB:2gib", "~:10%", "1B"}) {
      CAPTURE(text);
      CHECK(check("\"free\": \"" + std::string(text) + "\"").faults.empty());
    }
    CHECK(fault_of(check(R"("free": "10")")) ==
          "/free: expected a part like \"10%\", a size like \"5GiB\" or a range of them, got "
          "\"10\"");
    CHECK(fault_of(check(R"("free": 10)")) == "/free: expected a string, got 10");
  }

  TEST_CASE("are sizes where the format says so, as numbers or as text") {
    CHECK(check(R"("large": 1024)").json ==
          R"({"large":"1024","timeout":10000,"url":"http://a/"})");
    for (const auto* text :
         {"0", "1024", "64MB", "1.5gib", "1MiB:", "~:1kB", "@1KiB:2KiB", "10:1TB"}) {
      CAPTURE(text);
      CHECK(check("\"large\": \"" + std::string(text) + "\"").faults.empty());
    }
    for (const auto* text : {"1K", "-1", "10%", "1 MB", "", "1:2:3"}) {
      CAPTURE(text);
      CHECK(fault_of(check("\"large\": \"" + std::string(text) + "\"")) ==
            "/large: expected a size like \"64MB\" or a range like \"1MiB:2MiB\", got \"" +
                std::string(text) + "\"");
    }
    CHECK(fault_of(check(R"("large": true)")) == "/large: expected a string, got true");
  }

  TEST_CASE("are patterns that compile where the format says so") {
    CHECK(check(R"("expect": "^220 ")").faults.empty());
    CHECK(fault_of(check(R"("expect": "(220")")) ==
          "/expect: pattern \"(220\" does not compile: missing ): (220");
    CHECK(check(R"("later": "anything")").faults.empty());
  }

  TEST_CASE("must match the schema's pattern") {
    CHECK(fault_of(check_options(web, R"({"url": "ftp://a/"})")) ==
          R"(/url: expected text that matches ^https?://, got "ftp://a/")");
  }

  TEST_CASE("of a plugin that has none say so") {
    CHECK(fault_of(check_options(manifest_with("{}"), R"({"a": 1})")) ==
          "/a: unknown option; this plugin has none");
    CHECK(fault_of(check_options(web, "[]")) == ": expected a table of options");
  }

  TEST_CASE("take a secret from a file, without its line end") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("token", "s3cret\n");
    const auto file = directory.file("token");
    chmod(file.c_str(), 0600);

    const auto checked = check(R"("token_file": ")" + file + "\"");

    CHECK(checked.faults.empty());
    CHECK(checked.warnings.empty());
    CHECK(checked.json == R"({"timeout":10000,"token":"s3cret","url":"http://a/"})");
  }

  TEST_CASE("warn of a secret's file that everyone can read") {
    const shoal::test::TemporaryDirectory directory;
    directory.write("token", "s3cret");
    const auto file = directory.file("token");
    chmod(file.c_str(), 0644);

    const auto checked = check(R"("token_file": ")" + file + "\"");

    REQUIRE(checked.warnings.size() == 1);
    CHECK(checked.warnings[0].pointer == "/token_file");
    CHECK(checked.warnings[0].text == file + " can be read by everyone; chmod o-r " + file);
  }
}
