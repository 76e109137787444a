#include "plugin/linkage.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <dlfcn.h>
#include <link.h>
#include <optional>
#include <poll.h>
#include <unistd.h>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <sys/auxv.h>

#include "base/child_process.h"
#include "base/error.h"

namespace shoal::plugin {
namespace {

constexpr std::chrono::seconds patience{5};
constexpr std::size_t most_output = 256 * 1024;

// Our own program's interpreter: the linker that would load the plugin.
std::string own_linker() {
  const auto* segments = reinterpret_cast<const ElfW(Phdr)*>(getauxval(AT_PHDR));
  const auto count = getauxval(AT_PHNUM);
  const char* base = nullptr;
  for (unsigned long i = 0; i < count; ++i) {
    if (segments[i].p_type == PT_PHDR) {
      base = reinterpret_cast<const char*>(segments) - segments[i].p_vaddr;
    }
  }
  for (unsigned long i = 0; base != nullptr && i < count; ++i) {
    if (segments[i].p_type == PT_INTERP) return base + segments[i].p_vaddr;
  }
  throw Error("this program names no dynamic linker");
}

// What the linker printed, and how it ended: no status if it did not in time.
struct Answer {
  std::string words;
  std::optional<ExitStatus> status;
};

void take_output(int fd, std::string& words) {
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto size = read(fd, buffer.data(), buffer.size());
    if (size <= 0) return;
    if (words.size() < most_output) words.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

ChildProcess start_linker(const std::string& file) {
  const auto linker = own_linker();
  auto started = ChildProcess::start({{linker, file},
                                      {{"LD_TRACE_LOADED_OBJECTS", "1"},
                                       {"LD_WARN", "yes"},
                                       {"LD_BIND_NOW", "yes"},
                                       {"LC_ALL", "C"}}});
  if (const auto* failure = std::get_if<StartFailure>(&started)) {
    throw Error(fmt::format("cannot run {}: {}", linker, failure->text));
  }
  return std::get<ChildProcess>(std::move(started));
}

Answer ask_linker(const std::string& file) {
  auto child = start_linker(file);
  const auto end = std::chrono::steady_clock::now() + patience;
  Answer answer;
  while (!answer.status) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    std::array<pollfd, 3> waiting{{{child.exit_fd(), POLLIN, 0},
                                   {child.output().get(), POLLIN, 0},
                                   {child.errors().get(), POLLIN, 0}}};
    poll(waiting.data(), waiting.size(), static_cast<int>(left.count()));
    answer.status = child.reap();
    take_output(child.output().get(), answer.words);
    take_output(child.errors().get(), answer.words);
  }
  return answer;
}

// Keeps the order, drops repetitions.
void add(std::vector<std::string>& list, std::string_view word) {
  if (std::find(list.begin(), list.end(), word) == list.end()) list.emplace_back(word);
}

// The word in `line` that stands before or after a marker.
std::string_view word_before(std::string_view line, std::string_view marker) {
  const auto at = line.find(marker);
  if (at == std::string_view::npos) return {};
  const auto head = line.substr(0, at);
  return head.substr(head.find_last_of(" \t") + 1);
}
std::string_view word_after(std::string_view line, std::string_view marker) {
  const auto at = line.find(marker);
  if (at == std::string_view::npos) return {};
  const auto tail = line.substr(at + marker.size());
  return tail.substr(0, tail.find_first_of(" \t,'"));
}

// A sanitizer's runtime, for one, lives in the program and not in a library.
bool is_in_this_program(std::string_view symbol) {
  return dlsym(RTLD_DEFAULT, std::string(symbol).c_str()) != nullptr;
}

struct Missing {
  std::vector<std::string> libraries, versions, symbols;
};

void note(Missing& missing, std::string_view line) {
  if (const auto library = word_before(line, " => not found"); !library.empty()) {
    add(missing.libraries, library);
  } else if (const auto absent = word_before(line, ": cannot open shared object file");
             !absent.empty()) {
    add(missing.libraries, absent);
  } else if (const auto version = word_after(line, "version `"); !version.empty()) {
    add(missing.versions, version);
  } else if (const auto symbol = word_after(line, "undefined symbol: ");
             !symbol.empty() && !is_in_this_program(symbol)) {
    add(missing.symbols, symbol);
  }
}

std::string first_few(const std::vector<std::string>& words) {
  constexpr std::size_t few = 3;
  const auto shown = std::min(words.size(), few);
  auto text =
      fmt::format("{}", fmt::join(words.begin(), words.begin() + static_cast<long>(shown), ", "));
  if (words.size() > few) text += fmt::format(" and {} more", words.size() - few);
  return text;
}

// "PROGRAM: error while loading shared libraries: FILE: REASON\n": the reason.
std::string_view last_words(std::string_view words) {
  words = words.substr(0, words.find_last_not_of(" \n") + 1);
  const auto colon = words.rfind(": ");
  return colon == std::string_view::npos ? words : words.substr(colon + 2);
}

}  // namespace

std::string linkage_fault_in(std::string_view words) {
  Missing missing;
  while (!words.empty()) {
    const auto end = std::min(words.find('\n'), words.size());
    note(missing, words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  // Symbols of a library that is not there are missing too, but say nothing new.
  if (!missing.libraries.empty()) {
    return fmt::format("needs {}, which {} not installed", first_few(missing.libraries),
                       missing.libraries.size() == 1 ? "is" : "are");
  }
  if (!missing.versions.empty()) {
    return fmt::format("was built on a newer system: needs {}, which this one lacks",
                       first_few(missing.versions));
  }
  if (!missing.symbols.empty()) {
    return fmt::format("uses the symbol{} {}, which nothing provides",
                       missing.symbols.size() == 1 ? "" : "s", first_few(missing.symbols));
  }
  return {};
}

std::string linkage_fault(const std::string& file) {
  const auto answer = ask_linker(file);
  if (!answer.status) return "the dynamic linker did not finish with it in 5 s";
  if (auto fault = linkage_fault_in(answer.words); !fault.empty()) return fault;
  if (answer.status->by_signal) {
    return fmt::format("is damaged: the dynamic linker crashed on it (signal {})",
                       answer.status->code);
  }
  if (answer.status->code == 0) return {};
  return fmt::format("is refused by the dynamic linker: {}", last_words(answer.words));
}

}  // namespace shoal::plugin
