#include "zabbix_get/command_line.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/core.h>

#include "common/zabbix/item_key.h"

namespace shoal::zabbix_get {
namespace {

struct Flag {
  char letter;
  std::string_view name;
  std::string_view argument;
  std::string_view description;
};

constexpr std::array flags{
    Flag{'k', "key", "KEY", "key of an item, such as vfs.fs.size[/,pfree]; repeatable"},
    Flag{'s', "host", "HOST", "name or address of the agent (default 127.0.0.1)"},
    Flag{'p', "port", "PORT", "its port (default 10050)"},
    Flag{'t', "timeout", "SECONDS", "for all of it, 1 to 600 (default 30)"},
    Flag{'P', "protocol", "NAME", "plain (default), json or auto"},
    Flag{'f', "format", "FORMAT", "value (default), sensu or json"},
    Flag{'o', "outkey", "NAME", "print this in the place of the key"},
    Flag{'h', "help", "", "show this help"},
};

class Parser {
 public:
  explicit Parser(const std::vector<std::string>& words) : words_(words) {}

  CommandLine parse() {
    while (at_ < words_.size() && !line_.wants_help) take(words_[at_++]);
    if (line_.wants_help) return line_;
    if (line_.keys.empty()) throw UsageError("expected -k KEY");
    if (!line_.name.empty() && line_.keys.size() > 1) {
      throw UsageError("-o: expected one -k, got " + std::to_string(line_.keys.size()));
    }
    return line_;
  }

 private:
  // "-k KEY", "-kKEY", "--key KEY", "--key=KEY".
  void take(const std::string& word) {
    const bool is_long = word.starts_with("--");
    const auto equals = is_long ? word.find('=') : std::string::npos;
    const auto* const found = std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) {
      if (is_long) return word.substr(2, equals - 2) == flag.name;
      return word.size() > 1 && word[0] == '-' && word[1] == flag.letter;
    });
    if (found == flags.end()) throw UsageError(fmt::format("unexpected \"{}\"", word));
    if (found->argument.empty()) {
      line_.wants_help = true;
    } else if (equals != std::string::npos) {
      set(*found, word.substr(equals + 1));
    } else if (!is_long && word.size() > 2) {
      set(*found, word.substr(2));
    } else {
      if (at_ == words_.size()) throw UsageError(fmt::format("{}: expected a value", word));
      set(*found, words_[at_++]);
    }
  }

  void set(const Flag& flag, const std::string& value) {
    switch (flag.letter) {
      case 'k':
        line_.keys.push_back(key_of(value));
        break;
      case 's':
        line_.host = value;
        break;
      case 'p':
        line_.port = number_of("-p", value, 65535);
        break;
      case 't':
        line_.timeout = std::chrono::seconds(number_of("-t", value, 600));
        break;
      case 'P':
        line_.protocol = protocol_of(value);
        break;
      case 'f':
        line_.format = format_of(value);
        break;
      default:
        line_.name = value;
    }
  }

  static std::string key_of(const std::string& value) {
    const auto fault = zabbix::item_key_fault(value);
    if (!fault.empty()) throw UsageError(fmt::format("-k {}: {}", value, fault));
    return value;
  }

  static std::int64_t number_of(std::string_view flag, const std::string& value,
                                std::int64_t most) {
    std::int64_t number = 0;
    const auto* const end = value.data() + value.size();
    const auto [at, error] = std::from_chars(value.data(), end, number);
    if (error == std::errc{} && at == end && number >= 1 && number <= most) return number;
    throw UsageError(
        fmt::format("{}: expected a number from 1 to {}, got \"{}\"", flag, most, value));
  }

  static zabbix::Protocol protocol_of(const std::string& value) {
    if (const auto protocol = zabbix::protocol_of(value)) return *protocol;
    throw UsageError(fmt::format("-P: expected plain, json or auto, got \"{}\"", value));
  }

  static Format format_of(const std::string& value) {
    if (value == "value") return Format::value;
    if (value == "sensu") return Format::sensu;
    if (value == "json") return Format::json;
    throw UsageError(fmt::format("-f: expected value, sensu or json, got \"{}\"", value));
  }

  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  CommandLine line_;
};

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& words) {
  return Parser(words).parse();
}

std::string usage() {
  std::string text = "usage: shoal zabbix-get -k KEY [FLAGS]\n\n";
  for (const Flag& flag : flags) {
    text += fmt::format("  {:<24}{}\n",
                        fmt::format("-{}, --{} {}", flag.letter, flag.name, flag.argument),
                        flag.description);
  }
  return text + "\nExit codes: 0 all values were had, 1 one was not, 2 usage.\n";
}

}  // namespace shoal::zabbix_get
