#include "plugin/elf_image.h"

#include <elf.h>
#include <fstream>
#include <iterator>
#include <link.h>
#include <string>

#include <doctest/doctest.h>

#include "base/error.h"

using shoal::PluginError;
using shoal::plugin::manifest_in;

namespace {

const std::string& example() {
  static const std::string bytes = [] {
    std::ifstream file(EXAMPLE_LOAD, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return bytes;
}

// Empty when the image passes.
std::string fault_of(std::string_view image) {
  try {
    manifest_in("x.so", image);
  } catch (const PluginError& error) {
    return error.what();
  }
  return {};
}

ElfW(Ehdr) & header_of(std::string& image) {
  return *reinterpret_cast<ElfW(Ehdr)*>(image.data());
}

}  // namespace

TEST_SUITE("elf_image") {
  TEST_CASE("finds the manifest of a real plugin") {
    CHECK(manifest_in("x.so", example()).starts_with(R"({"id": "example_load")"));
    CHECK(manifest_in("x.so", example()).ends_with("}"));
  }

  TEST_CASE("says what a file is that is no shared object") {
    const std::pair<std::string_view, std::string_view> table[] = {
        {"", "x.so: is empty"},
        {"hello", "x.so: is not a shared object (no ELF header)"},
        {"#!/bin/sh\n", "x.so: is a script; run it as a command instead"},
        {"!<arch>\n", "x.so: is an archive; link it with -shared"},
        {"MZ\x90", "x.so: is a Windows (PE) file"},
        {"\xcf\xfa\xed\xfe....", "x.so: is a macOS (Mach-O) file"},
        {"\x1f\x8b\x08", "x.so: is a gzip file; unpack it first"},
        {"\x7f", "x.so: is truncated: needs 20 bytes, has 1; copy it again"}};
    for (const auto& [image, fault] : table) CHECK(fault_of(image) == fault);
  }

  TEST_CASE("names the CPU that a plugin was built for") {
    auto image = example();
    header_of(image).e_machine = EM_S390;

    CHECK(fault_of(image).starts_with("x.so: is built for s390, this agent is "));
  }

  TEST_CASE("tells programs, object files and core dumps from plugins") {
    const std::pair<int, std::string_view> table[] = {
        {ET_EXEC, "x.so: is a program, not a plugin; run it as a command instead"},
        {ET_REL, "x.so: is an object file; link it with -shared"},
        {ET_CORE, "x.so: is a core dump"},
        {77, "x.so: is neither a program nor a shared object"}};
    for (const auto& [type, fault] : table) {
      auto image = example();
      header_of(image).e_type = static_cast<ElfW(Half)>(type);
      CHECK(fault_of(image) == fault);
    }
  }

  TEST_CASE("refuses a file cut at any byte") {
    const auto& whole = example();
    std::size_t passed = 0;
    for (std::size_t size = 0; size < whole.size(); size += size < 4096 ? 1 : 61) {
      passed += fault_of(std::string_view(whole).substr(0, size)).empty() ? 1 : 0;
    }
    CHECK(passed == 0);
    CHECK(fault_of(std::string_view(whole).substr(0, whole.size() - 1))
              .starts_with("x.so: is truncated: needs " + std::to_string(whole.size()) + " bytes"));
  }

  TEST_CASE("survives every flipped byte of headers, tables and note") {
    const auto& whole = example();
    auto image = whole;
    for (std::size_t at = 0; at < image.size(); ++at) {
      for (const unsigned char mask : {0xff, 0x80, 0x01}) {
        image[at] = static_cast<char>(static_cast<unsigned char>(whole[at]) ^ mask);
        CHECK_NOTHROW(fault_of(image));
      }
      image[at] = whole[at];
    }
  }

  TEST_CASE("knows a shared object that is no plugin, and one without its function") {
    auto image = example();
    image.replace(image.find("SHOAL"), 5, "SHOAX");
    CHECK(fault_of(image) == "x.so: is no shoal plugin: it has no manifest");

    image = example();
    image.replace(image.find("shoal_module_v1"), 15, "shoal_module_v9");
    CHECK(fault_of(image) ==
          "x.so: is damaged or wrongly linked: it exports no function shoal_module_v1");
  }
}
