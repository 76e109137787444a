#include "conformance/suite.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fmt/core.h>

#include "base/error.h"
#include "base/utf8.h"
#include "conformance/confinement.h"
#include "conformance/tests.h"
#include "plugin/options.h"
#include "plugin/preflight.h"
#include "plugin/wire_plugin.h"

namespace shoal::conformance {
namespace {

// A directory of our own, gone when the suite ends.
class Folder {
 public:
  Folder() {
    auto path = (std::filesystem::temp_directory_path() / "shoal-plugin-test-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) throw_errno("make " + path);
    path_ = path;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, std::string_view bytes) const {
    const auto file = (path_ / name).string();
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }

 private:
  std::filesystem::path path_;
};

// Throws PluginError, or Error for options that the schema does not take.
Subject make_subject(const SuiteSettings& settings, const Folder& folder) {
  const bool is_wire = plugin::is_wire_plugin(settings.file);
  const auto examined =
      is_wire ? plugin::examine_wire(settings.file) : plugin::examine(settings.file);
  const auto working = working_options(examined.manifest, settings.options);
  const auto checked = plugin::check_options(examined.manifest, working.json);
  if (!checked.faults.empty()) {
    const auto& fault = checked.faults.front();
    const auto text = fmt::format("{}: options: {}: {}", settings.file, fault.pointer, fault.text);
    // Where nobody wrote anything, the plugin's own schema is at fault.
    if (settings.options.empty() && working.guesses.empty()) throw PluginError(text);
    throw Error(text);
  }
  return {.file = settings.file,
          .is_wire = is_wire,
          .copy = is_wire ? std::filesystem::absolute(settings.file).string()
                          : folder.write("plugin.so", examined.bytes),
          .manifest = examined.manifest,
          .written_options = working.json,
          .options_json = checked.json,
          .guesses = working.guesses,
          .seed = settings.seed};
}

std::string how_it_ended(const Ending& ending, const std::string& act) {
  const auto where = act.empty() ? std::string() : " in " + act;
  if (ending.is_timeout) return "does not end" + where;
  if (ending.signal != 0) {
    return fmt::format("died of {} ({}){}",
                       sigabbrev_np(ending.signal) == nullptr
                           ? fmt::format("signal {}", ending.signal)
                           : "SIG" + std::string(sigabbrev_np(ending.signal)),
                       strsignal(ending.signal), where);
  }
  return fmt::format("ended the process with code {}{}", ending.exit_code.value_or(0), where);
}

class Suite {
 public:
  Suite(const SuiteSettings& settings, const std::function<void(const TestResult&)>& on_result)
      : settings_(settings), on_result_(on_result) {
    result_.file = settings.file;
    result_.seed = settings.seed;
  }

  SuiteResult run() {
    const Folder folder;
    if (const auto subject = examine(folder)) {
      result_.plugin = fmt::format("{} {} {}", plugin::kind_name(subject->kind()),
                                   subject->manifest.id, subject->manifest.version);
      for (const Test& test : subject->is_wire ? wire_tests() : all_tests()) run(test, *subject);
    }
    return std::move(result_);
  }

 private:
  // The first test, and the only one in this process: it runs no byte of the plugin.
  std::optional<Subject> examine(const Folder& folder) {
    TestResult result{"file/preflight", "what the host looks at before it loads a file"};
    std::optional<Subject> subject;
    try {
      subject = make_subject(settings_, folder);
    } catch (const PluginError& error) {
      result.findings.push_back({Rule::file_refused, error.what()});
    }
    finish(std::move(result));
    return subject;
  }

  bool is_wanted(const Test& test) const {
    const auto& only = settings_.only;
    return only.empty() || std::any_of(only.begin(), only.end(), [&](const std::string& word) {
             return word == test.group || word == test.id();
           });
  }

  void run(const Test& test, const Subject& subject) {
    if (!test.is_for(subject.kind()) || !is_wanted(test)) return;
    TestResult result{test.id(), std::string(test.sentence)};
    if (!blocked_by_.empty()) {
      result.outcome = Outcome::skipped;
      result.reason = "because of " + blocked_by_;
      return finish(std::move(result));
    }
    const auto began = std::chrono::steady_clock::now();
    Blackboard board;
    const auto ending = run_confined([&] { in_child(test, subject, board); }, settings_.patience);
    result.took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    result.findings = board.findings();
    add_ending(ending, board, result);
    const bool is_dead = !board.is_finished() || board.has_given_up();
    if (test.is_gate && is_dead) blocked_by_ = result.id;
    finish(std::move(result));
  }

  static void in_child(const Test& test, const Subject& subject, Blackboard& board) {
    Trial trial(board, subject);
    watch_lent_memory(board);
    try {
      test.run(trial);
    } catch (const std::exception& error) {
      trial.find(trial.rule(), "{}", error.what());
    }
    board.finish();
  }

  static void add_ending(const Ending& ending, const Blackboard& board, TestResult& result) {
    if (!board.is_finished()) {
      const bool has_exited = ending.exit_code.has_value();
      result.findings.push_back(
          {has_exited ? Rule::process_exit : board.act_rule(), how_it_ended(ending, board.act())});
    }
    if (!ending.output.empty()) {
      result.findings.push_back({Rule::process_stdout, "wrote " + quoted(ending.output, 60)});
    }
    if (!ending.errors.empty()) {
      result.findings.push_back({Rule::process_stderr, "wrote " + quoted(ending.errors, 200)});
    }
  }

  void finish(TestResult result) {
    std::erase_if(result.findings, [&](const Finding& finding) {
      return settings_.allowed.count(text_of(finding.rule).id) > 0;
    });
    const bool has_failed = std::any_of(
        result.findings.begin(), result.findings.end(),
        [](const Finding& finding) { return text_of(finding.rule).weight == Weight::finding; });
    if (has_failed) result.outcome = Outcome::failed;
    on_result_(result);
    result_.tests.push_back(std::move(result));
  }

  const SuiteSettings& settings_;
  const std::function<void(const TestResult&)>& on_result_;
  SuiteResult result_;
  std::string blocked_by_;
};

}  // namespace

std::size_t SuiteResult::count(Outcome outcome) const {
  return static_cast<std::size_t>(
      std::count_if(tests.begin(), tests.end(),
                    [outcome](const TestResult& test) { return test.outcome == outcome; }));
}

SuiteResult run_suite(const SuiteSettings& settings,
                      const std::function<void(const TestResult&)>& on_result) {
  return Suite(settings, on_result).run();
}

}  // namespace shoal::conformance
