#include "agent/arguments.h"

#include <algorithm>
#include <array>

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionException.h>
#include <Poco/Util/OptionProcessor.h>
#include <Poco/Util/OptionSet.h>
#include <fmt/core.h>

namespace shoal::agent {
namespace {

struct Flag {
  std::string_view name;
  std::string_view short_name;
  std::string_view argument;  // empty: a switch
  std::string_view description;
};

constexpr std::array flags{
    Flag{"help", "h", "", "show this help"},
    Flag{"conf", "", "FILE", "configuration file (default /etc/shoal/shoal.conf)"},
    Flag{"root", "", "DIR", "state directory"},
    Flag{"plugin-dir", "", "DIR", "where plugins are found by name, as KIND/NAME.so"},
    Flag{"socket", "", "PATH", "socket of the status server"},
    Flag{"log-level", "", "LEVEL", "debug, info, warning or error"},
    Flag{"apikey", "", "KEY", "Mackerel API key (better in a file: apikey_file)"},
    Flag{"apibase", "", "URL", "Mackerel API address"},
    Flag{"pidfile", "", "FILE", "write the process id there"},
    Flag{"role", "", "SERVICE:ROLE", "role of this host; repeatable, replaces those of the file"},
    Flag{"force", "", "", "do not ask"},
    Flag{"child", "", "", "run by a supervisor: write no pid file"},
    Flag{"private-autoshutdown", "", "", "stop when the program's file is replaced"},
    Flag{"diagnostic", "", "", "also measure the agent itself"},
    Flag{"v", "v", "", "log more"},
    Flag{"verbose", "", "", "log more"},
    Flag{"print-rounds", "", "", "print one line per round"},
    Flag{"json", "", "", "answer in JSON"},
    Flag{"format", "", "FORMAT", "json (default), text or sensu"},
    Flag{"lang", "", "LANGUAGE", "c, c++, rust, go or python"},
    Flag{"dir", "", "DIR", "the folder to make (default: NAME)"},
    Flag{"last", "", "", "the running agent's last result, instead of a round"},
    Flag{"since", "", "DURATION", "how far back, such as 30m, 6h or 7d (default 1h)"},
    Flag{"for", "", "DURATION",
         "how long, such as 30m, 2h or 1d (default: while the problem lasts)"},
    Flag{"comment", "", "TEXT", "what the others should know"},
    Flag{"remove", "", "", "end the acknowledgement"},
    Flag{"option", "o", "KEY=VALUE", "an option of the plugin; repeatable"},
    Flag{"rounds", "", "N", "how many rounds (default 1; counters and intervals need 2)"},
    Flag{"interval", "", "DURATION", "the time between rounds (default 1s)"},
    Flag{"only", "", "GROUP", "only these tests: a group, or GROUP/NAME; repeatable"},
    Flag{"allow", "", "RULE", "this rule may be broken; repeatable"},
    Flag{"seed", "", "N", "repeat a run"},
    Flag{"patience", "", "N", "seconds after which a test that does not end is ended (default 60)"},
    Flag{"junit", "", "FILE", "write JUnit's XML there too"},
    Flag{"list", "", "", "show the tests and the rules, and test nothing"},
    Flag{"tag", "t", "TAG", "to whom: a tag of the relay"},
    Flag{"channel", "c", "CHANNEL", "to whom: a channel, past the tags"},
    Flag{"server", "s", "ADDRESS",
         "host:port, http(s)://... or unix:/path of the relay (default: SLACKBOARD_SERVER, else as "
         "the configuration says)"},
    Flag{"level", "l", "LEVEL", "message, info, warn or crit"},
    Flag{"title", "", "TEXT", "stands above the text"},
    Flag{"username", "u", "NAME", "who speaks, with --channel (default slackboard)"},
    Flag{"icon-emoji", "i", "EMOJI", "with --channel (default :clipboard:)"},
    Flag{"parse", "p", "MODE", "full or none, with --channel (default full)"},
    Flag{"color", "C", "COLOUR", "such as #00ff00, with --channel; goes before the level's"},
    Flag{"sync", "", "", "for a slackboard: answer only when Slack has it"},
    Flag{"retry-max", "", "N", "how many more tries (default 4)"},
    Flag{"retry-wait-min", "", "DURATION",
         "before the first of them (default 1s); then twice that"},
    Flag{"retry-wait-max", "", "DURATION", "at most (default 10s)"},
    Flag{"timeout", "", "DURATION", "end the command then (default: never)"},
    Flag{"log", "", "FILE", "append what the command prints there too"},
};

struct Command {
  std::string_view name;
  std::string_view operands;
  std::string_view summary;
  std::vector<std::string_view> flags;
  bool hands_over = false;    // its words are for another program, which knows the flags
  bool runs_program = false;  // its operands are a command line with flags of its own
};

const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      {"run",
       "",
       "run in the foreground",
       {"conf", "root", "plugin-dir", "socket", "log-level", "apikey", "apibase", "pidfile", "role",
        "diagnostic", "verbose", "v", "print-rounds", "child", "private-autoshutdown"}},
      {"supervise",
       "",
       "run as a child, and again whenever it crashes",
       {"conf", "root", "plugin-dir", "socket", "log-level", "apikey", "apibase", "pidfile", "role",
        "diagnostic", "verbose", "v", "print-rounds", "private-autoshutdown"}},
      {"once",
       "",
       "collect everything once, deliver nothing",
       {"conf", "root", "plugin-dir", "log-level", "apikey", "apibase", "role", "format"}},
      {"configtest",
       "",
       "validate the configuration, name every problem",
       {"conf", "root", "plugin-dir", "log-level", "apikey", "apibase", "pidfile", "role",
        "diagnostic", "verbose", "v"}},
      {"check",
       "NAME",
       "run one check as a Nagios plugin: its message, and 0 to 3",
       {"last", "conf", "root", "plugin-dir", "socket", "log-level"}},
      {"status",
       "",
       "what runs, what is late, stuck, queued, dropped",
       {"conf", "root", "socket", "json"}},
      {"history",
       "NAME",
       "the past of a series, or of check:NAME",
       {"conf", "root", "since", "json"}},
      {"ack",
       "CHECK",
       "someone has seen the problem of check:NAME: no more reminders",
       {"for", "comment", "remove", "conf", "root", "socket"}},
      {"notify",
       "",
       "say what is on standard input to a tag or channel, through the relay",
       {"tag", "channel", "level", "title", "server", "username", "icon-emoji", "parse", "color",
        "sync", "retry-max", "retry-wait-min", "retry-wait-max", "conf", "root", "plugin-dir"}},
      {"log-exec",
       "COMMAND",
       "run a command; if it fails, say what it printed to a tag or channel",
       {"tag", "channel", "level", "title", "server", "username", "icon-emoji", "parse", "color",
        "sync", "timeout", "log", "retry-max", "retry-wait-min", "retry-wait-max", "conf", "root",
        "plugin-dir"},
       false,
       true},
      {"reload", "", "take up the configuration anew, as SIGHUP", {"conf", "root", "socket"}},
      {"stop", "", "stop the agent, as SIGTERM", {"conf", "root", "socket"}},
      {"plugin list", "", "the installed plugins", {"conf", "root", "plugin-dir", "json"}},
      {"plugin info",
       "FILE|NAME",
       "a plugin's manifest, without running its code",
       {"conf", "root", "plugin-dir", "json"}},
      {"plugin run",
       "FILE|KIND/NAME",
       "run a plugin, show what it says",
       {"option", "rounds", "interval", "json", "conf", "root", "plugin-dir", "log-level"}},
      {"plugin test",
       "[FILE]",
       "hold a plugin to the rules of the ABI",
       {"option", "only", "allow", "seed", "patience", "json", "junit", "list"}},
      {"plugin new",
       "KIND NAME",
       "a folder with a metric, check or output plugin that builds",
       {"lang", "dir"}},
      {"plugin reset",
       "JOB",
       "end the quarantine of a job's or output's plugin: metric:NAME, output:NAME",
       {"conf", "root", "socket"}},
      {"crash list", "", "which plugins' processes died, and how", {"conf", "root", "json"}},
      {"crash show",
       "NAME|JOB",
       "one report of crash list, or the last one of a job",
       {"conf", "root", "json"}},
      {"init", "", "write an API key into the configuration file", {"conf", "apikey", "apibase"}},
      {"retire",
       "",
       "take this host out of Mackerel and forget its id",
       {"conf", "root", "plugin-dir", "apikey", "apibase", "force"}},
      {"zabbix-get", "-k KEY", "values of items of a Zabbix agent", {}, true},
      {"version", "", "print the version", {}},
      {"help", "[COMMAND]", "show help", {}},
  };
  return table;
}

const Command* find_command(std::string_view name) {
  const auto found = std::find_if(commands().begin(), commands().end(),
                                  [name](const Command& one) { return one.name == name; });
  return found == commands().end() ? nullptr : &*found;
}

const Flag& find_flag(std::string_view name) {
  return *std::find_if(flags.begin(), flags.end(),
                       [name](const Flag& flag) { return flag.name == name; });
}

void add_flag(Poco::Util::OptionSet& set, const Flag& flag) {
  Poco::Util::Option option(std::string(flag.name), std::string(flag.short_name),
                            std::string(flag.description));
  option.repeatable(true);
  // A switch takes a value only glued on, as Go's do: -v=false.
  option.argument(std::string(flag.argument.empty() ? "BOOL" : flag.argument),
                  !flag.argument.empty());
  set.addOption(option);
}

Poco::Util::OptionSet flags_of(const Command& command) {
  Poco::Util::OptionSet set;
  add_flag(set, find_flag("help"));
  for (const std::string_view name : command.flags) add_flag(set, find_flag(name));
  return set;
}

// Go writes long flags with one dash.
std::string with_two_dashes(const std::string& word) {
  const bool is_go_style = word.size() > 2 && word[0] == '-' && word[1] != '-';
  return is_go_style ? "-" + word : word;
}

bool is_flag(const std::string& word) {
  return word.size() > 1 && word[0] == '-';
}

// "list or info", if there are commands that begin with this word.
std::string second_words(const std::string& first) {
  std::string words;
  for (const Command& command : commands()) {
    if (!command.name.starts_with(first + " ")) continue;
    words += words.empty() ? "" : " or ";
    words += command.name.substr(first.size() + 1);
  }
  return words;
}

// Takes the words that name the command off the front.
std::string take_command(std::vector<std::string>& words) {
  if (words.empty() || is_flag(words[0])) return "run";
  for (const std::size_t count : {2, 1}) {
    if (words.size() < count) continue;
    const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
    if (find_command(name) == nullptr) continue;
    words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count));
    return name;
  }
  if (const std::string expected = second_words(words[0]); !expected.empty()) {
    throw UsageError(
        fmt::format("shoal {}: expected {}; shoal --help tells more", words[0], expected));
  }
  throw UsageError(fmt::format("unknown command \"{}\"; shoal --help lists them", words[0]));
}

void require_operands(const Arguments& arguments, const Command& command) {
  const bool may_have = !command.operands.empty();
  const bool must_have = may_have && command.operands[0] != '[';
  const auto wanted = static_cast<std::size_t>(
      1 + std::count(command.operands.begin(), command.operands.end(), ' '));
  const std::size_t most = may_have ? 2 : 0;  // "help plugin list"
  if (arguments.wants_help()) return;
  if (command.runs_program) {
    if (!arguments.operands.empty()) return;
    throw UsageError(
        fmt::format("shoal {}: expected -- and a command, got none; see shoal {} --help",
                    command.name, command.name));
  }
  if (must_have && arguments.operands.size() != wanted) {
    throw UsageError(fmt::format("shoal {}: expected {}{}, got {}; see shoal {} --help",
                                 command.name, wanted == 1 ? "one " : "", command.operands,
                                 arguments.operands.size(), command.name));
  }
  if (arguments.operands.size() > most) {
    throw UsageError(fmt::format("shoal {}: unexpected \"{}\"; see shoal {} --help", command.name,
                                 arguments.operands.front(), command.name));
  }
}

}  // namespace

bool Arguments::has(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found != flags.end() && found->second.back() != "false";
}

std::optional<std::string> Arguments::value(std::string_view flag) const {
  const auto found = flags.find(flag);
  if (found == flags.end()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::values(std::string_view flag) const {
  const auto found = flags.find(flag);
  return found == flags.end() ? std::vector<std::string>{} : found->second;
}

Arguments parse_arguments(const std::vector<std::string>& all_words) {
  std::vector<std::string> words = all_words;
  Arguments arguments;
  arguments.command = take_command(words);
  const Command& command = *find_command(arguments.command);
  if (command.hands_over) {
    arguments.operands = std::move(words);
    return arguments;
  }
  const Poco::Util::OptionSet set = flags_of(command);
  Poco::Util::OptionProcessor processor(set);
  try {
    for (const std::string& word : words) {
      std::string name;
      std::string value;
      const bool is_of_program = command.runs_program && !arguments.operands.empty();
      if (is_of_program || !processor.process(with_two_dashes(word), name, value)) {
        arguments.operands.push_back(word);
      } else if (!name.empty()) {
        arguments.flags[name].push_back(value);
      }
    }
    processor.checkRequired();
  } catch (const Poco::Util::OptionException& error) {
    throw UsageError(fmt::format("shoal {}: {}; see shoal {} --help", command.name,
                                 error.displayText(), command.name));
  }
  require_operands(arguments, command);
  return arguments;
}

std::string help_text() {
  std::string text =
      "shoal: a small host agent that runs metric, check and output plugins\n\n"
      "usage: shoal [COMMAND] [FLAGS]; without a command it runs in the foreground\n\n";
  for (const Command& command : commands()) {
    text += fmt::format("  {:<24}{}\n", fmt::format("{} {}", command.name, command.operands),
                        command.summary);
  }
  return text +
         "\nshoal COMMAND --help shows a command's flags.\n"
         "Exit codes: 0 ok, 1 failed, 2 usage; check: 0 to 3, the state.\n";
}

std::string help_text(const std::string& name) {
  const Command* command = find_command(name);
  if (command == nullptr) {
    throw UsageError(fmt::format("unknown command \"{}\"; shoal --help lists them", name));
  }
  std::string text = fmt::format(
      "shoal {}: {}\n\nusage: shoal {} {}[FLAGS]{}\n\n", name, command->summary, name,
      command->operands.empty() || command->runs_program ? ""
                                                         : std::string(command->operands) + " ",
      command->runs_program ? " -- COMMAND [ARGUMENT]..." : "");
  std::vector<std::string_view> names = command->flags;
  names.push_back("help");
  for (const std::string_view flag_name : names) {
    const Flag& flag = find_flag(flag_name);
    const std::string_view dashes = flag.name.size() == 1 ? "-" : "--";
    text += fmt::format("  {:<24}{}\n", fmt::format("{}{} {}", dashes, flag.name, flag.argument),
                        flag.description);
  }
  return text;
}

}  // namespace shoal::agent
