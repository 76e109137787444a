// Which plugins' code this process is in right now, in a small mapped file: whoever starts after it
// died reads there whom to suspect. Entering and leaving is a store each; nothing is synced,
// because what is mapped outlives the process that wrote it. What does not: a power failure, and
// then nobody is suspected. Thread-safe; one for a process.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/suspects.h"

namespace shoal::plugin {

// A call of a plugin's code, or the loading of it.
enum class Act : std::uint32_t { none, load, create, start, round, deliver, stop, destroy };

class CrashMarker {
 public:
  // Begins anew at `path`; whom the process before it leaves under suspicion is told by left().
  // Where it cannot be kept (a full disk), that is logged, and nothing is marked.
  explicit CrashMarker(const std::string& path);
  // Leaves the file as it is: only ended_well() clears it.
  ~CrashMarker();
  CrashMarker(const CrashMarker&) = delete;
  CrashMarker& operator=(const CrashMarker&) = delete;

  // Whom to suspect of the end of the process before. Nobody if it ended as it should, was killed,
  // or the power failed; a damaged file is named in the log.
  const std::vector<Suspect>& left() const { return left_; }

  // From now on a fatal signal, or an exit() that nobody expects, is noted with the plugin in which
  // it came. Takes the handlers of those signals; they do what they did afterwards.
  void watch_process();
  // The agent itself cannot go on, be it that a plugin closed its descriptors.
  void failed();
  // The process ends as it should.
  void ended_well();

  struct Plugin {
    std::string file;
    std::string content;
    std::string job;
    bool is_bundled = false;  // of the build's own: suspected only where nobody else can be
  };
  struct Row;
  // One instance of a plugin. Move-only; without a marker it does nothing.
  class Entry {
   public:
    Entry() = default;
    Entry(Entry&& other) noexcept;
    Entry& operator=(Entry&&) = delete;
    ~Entry();

    // This thread is in the plugin's code while the result lives. One at a time.
    class Visit {
     public:
      Visit(Row* row, Act act) noexcept;
      ~Visit();
      Visit(const Visit&) = delete;
      Visit& operator=(const Visit&) = delete;

     private:
      Row* row_;
    };
    Visit visit(Act act) const noexcept { return {row_, act}; }

   private:
    friend class CrashMarker;
    Entry(CrashMarker* marker, Row* row) : marker_(marker), row_(row) {}

    CrashMarker* marker_ = nullptr;
    Row* row_ = nullptr;
  };
  // `marker` may be null. Past a thousand instances further ones are not marked.
  static Entry enter(CrashMarker* marker, const Plugin& plugin);

  struct Page;

 private:
  void release(Row& row);

  std::vector<Suspect> left_;
  Page* page_ = nullptr;
  std::mutex mutex_;  // guards which rows are in use
};

// For who waits for an agent to end, and sees what it cannot note itself: its handlers taken, or
// _exit() called. Adds that to the marker it left, and returns whom it leaves under suspicion.
std::vector<Suspect> judge_end(const std::string& path, bool by_signal, int code);

}  // namespace shoal::plugin
