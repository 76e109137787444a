// shoal plugin new: a folder with a plugin that builds, runs and has its own test.

#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/core.h>

#include <shoal/manifest.h>

#include "agent/commands.h"
#include "agent/plugin_folder.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

struct Language {
  std::string_view name;
  std::array<std::string_view, 3> templates;  // folders; empty: none
  std::string_view file;                      // the plugin, behind its name
  std::string_view build;                     // builds it and tries its parts
  bool needs_headers = false;
};

constexpr std::array languages{
    Language{"c", {"any", "c"}, ".so", "make && make test", true},
    Language{"c++", {"any", "cpp"}, ".so", "make && make test", true},
    Language{"rust", {"any", "rust"}, ".so", "make && make test"},
    Language{"go", {"any", "wire", "go"}, "", "go build && go test ./..."},
    Language{"python", {"any", "wire", "python"}, "", "python3 -m unittest *_test.py"},
};

constexpr std::array<std::string_view, 3> kinds{"metric", "check", "output"};

void check_kind(const std::string& kind) {
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
  throw UsageError(
      fmt::format("shoal plugin new: KIND: expected metric, check or output, found \"{}\"", kind));
}

// As manifests want it; and file names of the templates are no names.
void check_name(const std::string& name) {
  const bool is_plain =
      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
  if (!is_plain || name.empty() || name.size() > 64) {
    throw UsageError(
        fmt::format("shoal plugin new: NAME: expected 1 to 64 of a-z, 0-9 and _, "
                    "found \"{}\"",
                    name));
  }
  if (name == "testdata" || name == "shoalwire") {
    throw UsageError(
        fmt::format("shoal plugin new: NAME: {} is taken by a folder of its own", name));
  }
}

const Language& find_language(const Arguments& arguments) {
  const std::string wanted = arguments.value("lang").value_or("");
  for (const Language& language : languages) {
    if (language.name == wanted) return language;
  }
  throw UsageError(fmt::format(
      "shoal plugin new: --lang: expected c, c++, rust, go or python, found \"{}\"", wanted));
}

// Beside this program, as installed or as built.
struct Sdk {
  fs::path templates;
  bool is_installed = true;
};

Sdk find_sdk(const fs::path& program) {
  const fs::path installed = program.parent_path() / "../share/shoal/templates";
  if (fs::exists(installed)) return {installed};
  const fs::path built = program.parent_path() / "../../sdk/templates";
  if (fs::exists(built)) return {built, false};
  throw Error(fmt::format("no templates in {}: the SDK is not installed with this program",
                          installed.lexically_normal().string()));
}

std::vector<fs::path> template_folders(const Sdk& sdk, const Language& language) {
  std::vector<fs::path> folders;
  for (const std::string_view name : language.templates) {
    if (!name.empty()) folders.push_back(sdk.templates / name);
  }
  return folders;
}

std::string run_options(const std::string& kind) {
  return kind == "output" ? " -o path=lines.txt" : "";
}

void print_next(const Sdk& sdk, const fs::path& program, const Language& language,
                const fs::path& folder, const Words& words) {
  const std::string shoal = sdk.is_installed ? "shoal" : program.string();
  if (!sdk.is_installed && language.needs_headers) {
    fmt::print("  export PKG_CONFIG_PATH={}\n",
               sdk.templates.parent_path().lexically_normal().string());
  }
  fmt::print("  cd {} && {}\n", folder.string(), language.build);
  fmt::print("  {} plugin test ./{}\n", shoal, words.at("FILE"));
  fmt::print("  {} plugin run ./{}{}\n", shoal, words.at("FILE"), words.at("OPTIONS"));
}

}  // namespace

int new_plugin(const Arguments& arguments) {
  const std::string& kind = arguments.operands.at(0);
  const std::string& name = arguments.operands.at(1);
  check_kind(kind);
  check_name(name);
  const Language& language = find_language(arguments);
  const fs::path program = fs::read_symlink("/proc/self/exe");
  const Sdk sdk = find_sdk(program);
  const fs::path folder = arguments.value("dir").value_or(name);
  const Words words{{"NAME", name},
                    {"KIND", kind},
                    {"ABI", SHOAL_ABI_TEXT},
                    {"FILE", name + std::string(language.file)},
                    {"BUILD", std::string(language.build)},
                    {"OPTIONS", run_options(kind)}};

  const auto files = fill_templates(template_folders(sdk, language), kind, words);
  write_folder(folder, files);

  fmt::print("{}: {} files, with README.md. Next:\n\n", folder.string(), files.size());
  print_next(sdk, program, language, folder, words);
  return 0;
}

}  // namespace shoal::agent
