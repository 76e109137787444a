#include "plugin/crash_marker.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <optional>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/log.h"
#include "base/unique_fd.h"

namespace shoal::plugin {
namespace {

constexpr std::array<char, 8> magic{'s', 'h', 'o', 'a', 'l', 'm', 'k', '1'};
constexpr std::size_t most_rows = 1024;
constexpr std::array faults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};
constexpr std::array<std::string_view, 8> act_names{"nothing", "the loading", "create", "start",
                                                    "a round", "a delivery",  "stop",   "destroy"};

enum class End : std::uint32_t { open, well, by_signal, by_exit, failed };

}  // namespace

// Both as they lie in the file. A new file is all zeros, and means that nothing has happened; so
// rows that are never used are never touched.
struct CrashMarker::Row {
  std::atomic<std::uint32_t> is_used;
  std::atomic<Act> act;
  std::uint32_t is_bundled;
  std::uint32_t reserved;
  std::array<char, 64> content;
  std::array<char, 128> job;
  std::array<char, 304> file;
};

struct CrashMarker::Page {
  std::array<char, 8> mark;
  std::int32_t pid;
  std::atomic<std::uint32_t> is_judged;  // whoever sets it writes the rest
  std::atomic<End> end;
  std::int32_t code;  // signal or exit code
  std::int64_t time_ns;
  std::uint32_t culprit;  // 1 + the row of the thread that ended it all; 0: it was in none
  std::array<char, 476> room;
  std::array<Row, most_rows> rows;
};

namespace {

using Page = CrashMarker::Page;
using Row = CrashMarker::Row;

static_assert(sizeof(Row) == 512);
static_assert(sizeof(Page) == 512 * (most_rows + 1));
static_assert(std::atomic<Act>::is_always_lock_free);

// Handlers of signals know no object.
std::atomic<Page*> watched{nullptr};
thread_local Row* visited = nullptr;

std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

// Async-signal-safe. Only the first end counts, and only of the process that opened the page.
void note(Page& page, End end, int code, const Row* culprit) {
  if (page.pid != getpid() || page.is_judged.exchange(1) != 0) return;
  page.code = code;
  page.time_ns = now_ns();
  if (culprit != nullptr) {
    page.culprit = static_cast<std::uint32_t>(1 + (culprit - page.rows.data()));
  }
  page.end.store(end);
}

void on_fault(int signal, siginfo_t* info, void* /*context*/) {
  Page* page = watched.load();
  const bool is_sent_by_others = info->si_code == SI_USER && info->si_pid != getpid();
  if (page != nullptr && !is_sent_by_others) note(*page, End::by_signal, signal, visited);
  // A fault comes again by itself once we return, a signal that was sent does not.
  if (info->si_code <= 0) raise(signal);
}

void on_exit_called(int code, void* /*unused*/) {
  Page* page = watched.load();
  if (page == nullptr || visited == nullptr || page->pid != getpid()) return;
  note(*page, End::by_exit, code, visited);
  // Other threads are at work on what exit() would now take down, and an agent that ends so has
  // not ended well.
  _exit(code == 0 ? 1 : code);
}

// Room for the handler of a stack that has none left. Kept by each thread that calls plugins.
class FaultStack {
 public:
  FaultStack() {
    stack_t before{};
    sigaltstack(nullptr, &before);
    if ((before.ss_flags & SS_DISABLE) == 0) return;  // a sanitizer's
    memory_ = std::make_unique<std::array<char, size>>();
    const stack_t mine{.ss_sp = memory_->data(), .ss_flags = 0, .ss_size = size};
    sigaltstack(&mine, nullptr);
  }
  ~FaultStack() {
    if (memory_ == nullptr) return;
    const stack_t none{.ss_sp = nullptr, .ss_flags = SS_DISABLE, .ss_size = 0};
    sigaltstack(&none, nullptr);
  }
  FaultStack(const FaultStack&) = delete;
  FaultStack& operator=(const FaultStack&) = delete;

 private:
  static constexpr std::size_t size = 32UL * 1024;
  std::unique_ptr<std::array<char, size>> memory_;
};

template <std::size_t size>
void write_text(std::array<char, size>& field, std::string_view text) {
  field.fill('\0');
  std::copy_n(text.begin(), std::min(text.size(), size), field.begin());
}

template <std::size_t size>
std::string read_text(const std::array<char, size>& field) {
  return {field.data(), strnlen(field.data(), size)};
}

// Shared with nobody but the process that comes after.
Page* map(const std::string& path, int flags) {
  const UniqueFd fd(open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
  if (!fd) return nullptr;
  // Room on the disk too: a page that has none kills whoever writes to it.
  if ((flags & O_CREAT) != 0 && posix_fallocate(fd.get(), 0, sizeof(Page)) != 0) return nullptr;
  struct stat status {};
  if (fstat(fd.get(), &status) != 0 || status.st_size != sizeof(Page)) {
    errno = EINVAL;
    return nullptr;
  }
  void* memory = mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  return memory == MAP_FAILED ? nullptr : static_cast<Page*>(memory);
}

struct Unmap {
  void operator()(Page* page) const { munmap(page, sizeof(Page)); }
};
using Mapped = std::unique_ptr<Page, Unmap>;

bool is_sound(const Row& row) {
  const auto is_text = [](const std::string& text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < ' '; });
  };
  const bool is_known = static_cast<std::size_t>(row.act.load()) < act_names.size();
  const auto content = read_text(row.content);
  return is_known && is_text(read_text(row.job)) && is_text(read_text(row.file)) &&
         content.find_first_not_of("0123456789abcdef") == std::string::npos &&
         content.size() == row.content.size();
}

bool is_sound(const Page& page) {
  if (page.mark != magic || page.end.load() > End::failed) return false;
  if (page.culprit > most_rows) return false;
  if (page.culprit != 0 && page.rows.at(page.culprit - 1).is_used.load() == 0) return false;
  return std::all_of(page.rows.begin(), page.rows.end(), [](const Row& row) {
    return row.is_used.load() == 0 || (row.is_used.load() == 1 && is_sound(row));
  });
}

std::string cause_of(const Page& page) {
  switch (page.end.load()) {
    case End::by_signal:
      return fmt::format("signal {} ({})", page.code, strsignal(page.code));
    case End::by_exit:
      return fmt::format("exit with code {}", page.code);
    default:
      return "the agent could not go on";
  }
}

// The plugin in which the thread was that ended it all. Where that is one of the build's own, or
// none, memory may have been spoilt before: then all that are not the build's own, or, where there
// are none, those that ran.
std::vector<const Row*> suspected(const Page& page) {
  std::vector<const Row*> rows;
  const auto add_if = [&](auto is_meant) {
    for (const Row& row : page.rows) {
      if (row.is_used.load() != 0 && is_meant(row)) rows.push_back(&row);
    }
  };
  const auto is_foreign = [](const Row& row) { return row.is_bundled == 0; };
  if (page.culprit != 0) {
    const Row& culprit = page.rows.at(page.culprit - 1);
    rows.push_back(&culprit);
    if (is_foreign(culprit)) return rows;
  }
  add_if(is_foreign);
  if (rows.empty()) add_if([](const Row& row) { return row.act.load() != Act::none; });
  return rows;
}

std::vector<Suspect> suspects_of(const Page& page) {
  std::vector<Suspect> suspects;
  if (page.end.load() == End::open || page.end.load() == End::well) return suspects;
  for (const Row* row : suspected(page)) {
    const auto content = read_text(row->content);
    if (std::any_of(suspects.begin(), suspects.end(),
                    [&](const Suspect& one) { return one.content == content; })) {
      continue;
    }
    const auto act = row->act.load();
    suspects.push_back({.time = from_unix_nanoseconds(page.time_ns),
                        .file = read_text(row->file),
                        .content = content,
                        .job = read_text(row->job),
                        .during = act == Act::none
                                      ? std::string()
                                      : std::string(act_names.at(static_cast<std::size_t>(act))),
                        .cause = cause_of(page)});
  }
  return suspects;
}

// What an earlier process left at `path`; null if there was none, or it is damaged.
Mapped open_left(const std::string& path) {
  Mapped page(map(path, 0));
  if (page == nullptr) {
    if (errno != ENOENT) log::warning("{}: is no marker of a crash, ignored", path);
    return nullptr;
  }
  if (is_sound(*page)) return page;
  log::warning("{}: damaged, ignored: whether a plugin took the agent down is not known", path);
  return nullptr;
}

std::vector<Suspect> read_left(const std::string& path) {
  const auto page = open_left(path);
  return page == nullptr ? std::vector<Suspect>() : suspects_of(*page);
}

}  // namespace

CrashMarker::CrashMarker(const std::string& path) : left_(read_left(path)) {
  unlink(path.c_str());
  page_ = map(path, O_CREAT | O_EXCL);
  if (page_ == nullptr) {
    log::warning("{}: cannot be kept: {}; a plugin that takes the agent down will not be known",
                 path, errno_text(errno));
    return;
  }
  page_->mark = magic;
  page_->pid = getpid();
}

// Stays mapped: a thread that is stuck in a plugin may still leave it.
CrashMarker::~CrashMarker() {
  Page* mine = page_;
  if (mine != nullptr) watched.compare_exchange_strong(mine, nullptr);
}

void CrashMarker::watch_process() {
  if (page_ == nullptr || watched.exchange(page_) != nullptr) return;
  struct sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
  for (const int fault : faults) sigaction(fault, &action, nullptr);
  on_exit(on_exit_called, nullptr);
}

void CrashMarker::failed() {
  if (page_ != nullptr) note(*page_, End::failed, 0, nullptr);
}

void CrashMarker::ended_well() {
  if (page_ != nullptr) note(*page_, End::well, 0, nullptr);
}

CrashMarker::Entry CrashMarker::enter(CrashMarker* marker, const Plugin& plugin) {
  if (marker == nullptr || marker->page_ == nullptr) return {};
  const std::lock_guard lock(marker->mutex_);
  auto& rows = marker->page_->rows;
  const auto free = std::find_if(rows.begin(), rows.end(),
                                 [](const Row& row) { return row.is_used.load() == 0; });
  if (free == rows.end()) return {};
  write_text(free->content, plugin.content);
  write_text(free->job, plugin.job);
  write_text(free->file, plugin.file);
  free->is_bundled = plugin.is_bundled ? 1 : 0;
  free->act = Act::none;
  free->is_used = 1;
  return {marker, &*free};
}

// What has been judged stays as it was found.
void CrashMarker::release(Row& row) {
  const std::lock_guard lock(mutex_);
  if (page_->is_judged.load() == 0) row.is_used = 0;
}

CrashMarker::Entry::Entry(Entry&& other) noexcept
    : marker_(std::exchange(other.marker_, nullptr)), row_(std::exchange(other.row_, nullptr)) {}

CrashMarker::Entry::~Entry() {
  if (row_ != nullptr) marker_->release(*row_);
}

CrashMarker::Entry::Visit::Visit(Row* row, Act act) noexcept : row_(row) {
  if (row == nullptr) return;
  thread_local const FaultStack stack;
  row->act.store(act, std::memory_order_relaxed);
  visited = row;
}

CrashMarker::Entry::Visit::~Visit() {
  if (row_ == nullptr) return;
  visited = nullptr;
  row_->act.store(Act::none, std::memory_order_relaxed);
}

std::vector<Suspect> judge_end(const std::string& path, bool by_signal, int code) {
  const auto page = open_left(path);
  if (page == nullptr) return {};
  // Who is killed or asked to end has not done wrong.
  const bool is_asked = by_signal && std::find(faults.begin(), faults.end(), code) == faults.end();
  const bool has_run = std::any_of(page->rows.begin(), page->rows.end(),
                                   [](const Row& row) { return row.act.load() != Act::none; });
  if (page->end.load() == End::open && !is_asked && (by_signal || has_run)) {
    page->code = code;
    page->time_ns = now_ns();
    page->end = by_signal ? End::by_signal : End::by_exit;
  }
  return suspects_of(*page);
}

}  // namespace shoal::plugin
