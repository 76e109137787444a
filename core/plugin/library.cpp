#include "plugin/library.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <mutex>
#include <unistd.h>
#include <vector>

#include <fmt/core.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/sha256.h"
#include "base/unique_fd.h"
#include "plugin/linkage.h"
#include "plugin/module.h"

namespace shoal::plugin {
namespace {

namespace files = std::filesystem;

[[noreturn]] void fail(const std::string& file, std::string_view sentence) {
  throw PluginError(fmt::format("{}: {}", file, sentence));
}

[[noreturn]] void fail_copy(const std::string& file, const std::string& act, int error) {
  fail(file, fmt::format("cannot be copied before it is loaded: {}: {}", act, errno_text(error)));
}

void make_copy_dir(const std::string& file, const std::string& directory) {
  std::error_code error;
  files::create_directories(files::path(directory).parent_path(), error);
  if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
    fail_copy(file, "make " + directory, errno);
  }
  struct stat status = {};
  if (stat(directory.c_str(), &status) != 0) fail_copy(file, "look at " + directory, errno);
  if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    fail(file, fmt::format("cannot be copied before it is loaded: {} is not ours alone; remove it",
                           directory));
  }
}

// Readable by all: a plugin's process may run as another user, and gets it opened. Others do not
// come as far as the file, the directory being ours.
void write_file(const std::string& file, const std::string& path, std::string_view bytes) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0555));
  if (!fd) fail_copy(file, "open " + path, errno);
  while (!bytes.empty()) {
    const auto count = write(fd.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_copy(file, "write " + path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// A copy may have been cut short by a power failure, and would kill us when it is mapped.
bool holds(const std::string& path, std::string_view bytes) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return false;
  std::array<char, 64 * 1024> buffer{};
  for (;;) {
    const auto count = read(fd.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0 && bytes.empty();
    const std::string_view chunk(buffer.data(), static_cast<std::size_t>(count));
    if (!bytes.starts_with(chunk)) return false;
    bytes.remove_prefix(chunk.size());
  }
}

struct Unlinker {
  const std::string& path;
  ~Unlinker() { unlink(path.c_str()); }
};

void make_copy(const Examined& examined, const std::string& copy) {
  const auto draft = fmt::format("{}.{}.draft", copy, getpid());
  unlink(draft.c_str());
  write_file(examined.file, draft, examined.bytes);
  const Unlinker unlinker{draft};
  if (const auto fault = linkage_fault(draft); !fault.empty()) fail(examined.file, fault);
  if (rename(draft.c_str(), copy.c_str()) != 0) fail_copy(examined.file, "rename " + draft, errno);
}

// The copy with this content, made if it is not there.
std::string copy_of(const Examined& examined, const std::string& directory,
                    const std::string& hash) {
  const auto copy = (files::absolute(directory) / (hash + ".so")).string();
  make_copy_dir(examined.file, directory);
  if (holds(copy, examined.bytes)) {
    utimensat(AT_FDCWD, copy.c_str(), nullptr, 0);  // still in use
  } else {
    make_copy(examined, copy);
  }
  return copy;
}

// One content; whoever wants the same one waits while the first loads it.
struct Slot {
  std::mutex mutex;
  const shoal_plugin* plugin = nullptr;
  std::string file;
};

struct Slots {
  std::mutex mutex;
  std::map<std::string, Slot> by_hash;
};

// Never destroyed: who still loads when the process ends finds its slot.
Slots& all_slots() {
  static auto* slots = new Slots;  // NOLINT
  return *slots;
}

Slot& slot_of(const std::string& hash) {
  Slots& slots = all_slots();
  const std::lock_guard lock(slots.mutex);
  return slots.by_hash[hash];
}

constexpr std::size_t hash_size = 64;

// Whether it is a file of ours by its name: HASH.so, or HASH.so.PID.draft that was left behind.
bool is_copy(const files::directory_entry& entry) {
  std::error_code ignored;
  const auto name = entry.path().filename().string();
  return files::is_regular_file(entry.symlink_status(ignored)) &&
         name.find_first_not_of("0123456789abcdef") == hash_size &&
         (name.substr(hash_size) == ".so" || name.ends_with(".draft"));
}

template <class IsKept>
void remove_copies(const std::string& copy_dir, std::chrono::seconds unused_for, IsKept is_kept) {
  const auto oldest = files::file_time_type::clock::now() - unused_for;
  std::error_code ignored;
  std::vector<files::path> old;
  for (const auto& entry : files::directory_iterator(copy_dir, ignored)) {
    if (is_copy(entry) && entry.last_write_time(ignored) < oldest &&
        !is_kept(entry.path().filename().string())) {
      old.push_back(entry.path());
    }
  }
  for (const auto& path : old) files::remove(path, ignored);
}

}  // namespace

const shoal_plugin& load(const Examined& examined, const std::string& copy_dir) {
  const auto hash = sha256_hex(examined.bytes);
  auto& slot = slot_of(hash);
  const std::lock_guard lock(slot.mutex);
  if (slot.plugin == nullptr) {
    const auto copy = copy_of(examined, copy_dir, hash);
    slot.plugin = &open_module(examined.file, copy, examined.manifest.kind);
    slot.file = examined.file;
  }
  return *slot.plugin;
}

std::string private_copy(const Examined& examined, const std::string& copy_dir) {
  return copy_of(examined, copy_dir, sha256_hex(examined.bytes));
}

std::vector<Loaded> loaded_libraries() {
  Slots& slots = all_slots();
  const std::lock_guard lock(slots.mutex);
  std::vector<Loaded> loaded;
  for (auto& [hash, slot] : slots.by_hash) {
    // One that is being loaded just now is not yet.
    const std::unique_lock slot_lock(slot.mutex, std::try_to_lock);
    if (slot_lock && slot.plugin != nullptr) loaded.push_back({slot.file, hash});
  }
  return loaded;
}

void remove_unused_copies(const std::string& copy_dir, const std::set<std::string>& used) {
  auto kept = used;
  for (const Loaded& one : loaded_libraries()) kept.insert(one.content);
  remove_copies(copy_dir, std::chrono::minutes(1),
                [&](const std::string& name) { return kept.contains(name.substr(0, hash_size)); });
}

void remove_old_copies(const std::string& copy_dir) {
  remove_copies(copy_dir, std::chrono::hours(24 * 30), [](const std::string&) { return false; });
}

}  // namespace shoal::plugin
