#include "follow.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include <sys/stat.h>

namespace shoal::log {
namespace {

namespace fs = std::filesystem;

struct Seen {
  std::string path;
  Identity identity;
};

std::optional<Identity> identity_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return Identity{status.st_dev, status.st_ino};
}

// "app.log.1" and "app.log-20240131" of "app.log", as they are before they are compressed.
bool is_generation_name(const std::string& name, const std::string& base) {
  constexpr std::array<std::string_view, 4> compressed{".gz", ".bz2", ".xz", ".zst"};
  if (name.size() < base.size() + 2 || name.compare(0, base.size(), base) != 0) return false;
  const char mark = name[base.size()];
  const char digit = name[base.size() + 1];
  return (mark == '.' || mark == '-' || mark == '_') && digit >= '0' && digit <= '9' &&
         std::none_of(compressed.begin(), compressed.end(), [&](auto end) {
           return name.size() > end.size() && name.substr(name.size() - end.size()) == end;
         });
}

class Walk {
 public:
  Walk(const std::vector<Position>& before, const Manner& manner)
      : before_(before), manner_(manner) {}

  Outcome over(const std::vector<std::string>& paths) {
    for (const auto& path : paths) guarded([&] { see(path); });
    for (const auto& position : before_) {
      if (!is_seen(position.identity)) keep_on_failure(position, [&] { read_moved(position); });
    }
    for (const auto& seen : seen_) {
      const auto* known = find(seen.identity);
      if (known == nullptr) {
        guarded([&] { read_new(seen.path); });
      } else {
        keep_on_failure(*known, [&] { read_on(*known, seen.path); });
      }
    }
    return std::move(outcome_);
  }

 private:
  template <class Act>
  bool guarded(Act act) {
    try {
      act();
      return true;
    } catch (const std::system_error& error) {
      // Gone since it was looked up: that is no fault of a file.
      if (error.code().value() != ENOENT) outcome_.faults.emplace_back(error.what());
    } catch (const std::runtime_error& error) {
      outcome_.faults.emplace_back(error.what());
    }
    return false;
  }

  template <class Act>
  void keep_on_failure(const Position& position, Act act) {
    if (!guarded(act)) outcome_.positions.push_back(position);
  }

  void see(const std::string& path) {
    const auto identity = identity_of(path);
    if (!identity) {
      if (errno != ENOENT) throw std::system_error(errno, std::generic_category(), path);
      outcome_.missing.push_back(path);
    } else if (!is_seen(*identity)) {
      seen_.push_back({path, *identity});
    }
  }

  bool is_seen(const Identity& identity) const {
    return std::any_of(seen_.begin(), seen_.end(),
                       [&](const auto& seen) { return seen.identity == identity; });
  }

  const Position* find(const Identity& identity) const {
    const auto found = std::find_if(before_.begin(), before_.end(), [&](const auto& position) {
      return position.identity == identity;
    });
    return found == before_.end() ? nullptr : &*found;
  }

  void read_new(const std::string& path) {
    const LogFile file(path);
    const bool is_skipped = manner_.start == Start::end;
    remember(file, path, is_skipped ? file.last_line_begin() : read_from(file, 0));
  }

  void read_on(const Position& known, const std::string& path) {
    const LogFile file(path);
    const bool is_the_same = file.holds(known);
    if (!is_the_same) read_rest_of_copy(known);
    remember(file, path, read_from(file, is_the_same ? known.offset : 0));
  }

  // Renamed, and not under a name that is watched.
  void read_moved(const Position& known) {
    const auto place = locate(known);
    if (place.empty()) {
      if (!known.is_moved) note_lost(known);
      return;
    }
    const LogFile file(place);
    const bool is_outdated = has_newer(known);
    auto offset = read_from(file, known.offset);
    if (is_outdated || (known.is_moved && offset == known.offset)) {
      offset = read_last_line(file, offset);
    }
    // One before the last has no writer any more.
    if (!is_outdated || offset < file.size()) remember_moved(file, known.path, offset);
    if (!known.is_moved) read_generations_since(file, known);
  }

  // Whether a later file of the same path has been moved away too. Positions are in that order.
  bool has_newer(const Position& position) const {
    const auto after = before_.begin() + (&position - before_.data()) + 1;
    return std::any_of(after, before_.end(), [&](const auto& other) {
      return other.path == position.path && !is_seen(other.identity);
    });
  }

  // Rotated away before they were ever seen, while nobody looked.
  void read_generations_since(const LogFile& former, const Position& known) {
    for (const auto& path : generations_of(known.path)) {
      const LogFile file(path);
      const bool is_known = is_seen(file.identity()) || find(file.identity()) != nullptr;
      if (is_known || file.modified_ns() <= former.modified_ns()) continue;
      remember_moved(file, known.path, read_from(file, 0));
    }
  }

  // A file that was copied and cut (copytruncate) leaves what we have not read in its copy.
  void read_rest_of_copy(const Position& known) {
    for (const auto& path : generations_of(known.path)) {
      const LogFile copy(path);
      if (!copy.holds(known)) continue;
      remember_moved(copy, known.path, read_from(copy, known.offset));
      return;
    }
    note_lost(known);
  }

  void note_lost(const Position& known) {
    outcome_.notes.push_back(known.path + ": what followed byte " + std::to_string(known.offset) +
                             " before it was rotated is gone");
  }

  std::uint64_t read_from(const LogFile& file, std::uint64_t offset) const {
    return file.read_lines(offset, manner_.take, manner_.go_on);
  }

  std::uint64_t read_last_line(const LogFile& file, std::uint64_t offset) const {
    const auto line = manner_.go_on() ? file.rest(offset) : "";
    if (!line.empty()) manner_.take(line);
    return offset + line.size();
  }

  // Where in its folder a file is now; empty if it has gone, or its inode is another file's.
  static std::string locate(const Position& known) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_of(known.path), error)) {
      const auto path = entry.path().string();
      if (identity_of(path) == known.identity && LogFile(path).holds(known)) return path;
    }
    return {};
  }

  // Oldest first.
  static std::vector<std::string> generations_of(const std::string& path) {
    std::vector<std::pair<fs::file_time_type, std::string>> found;
    std::error_code error;
    const auto base = fs::path(path).filename().string();
    for (const auto& entry : fs::directory_iterator(folder_of(path), error)) {
      const bool is_one = is_generation_name(entry.path().filename().string(), base);
      if (!is_one || !entry.is_regular_file(error)) continue;
      found.emplace_back(entry.last_write_time(error), entry.path().string());
    }
    std::sort(found.begin(), found.end());
    std::vector<std::string> paths;
    for (auto& one : found) paths.push_back(std::move(one.second));
    return paths;
  }

  static fs::path folder_of(const std::string& path) {
    const auto folder = fs::path(path).parent_path();
    return folder.empty() ? "." : folder;
  }

  void remember(const LogFile& file, const std::string& path, std::uint64_t offset) {
    outcome_.positions.push_back(file.mark(path, offset));
  }
  void remember_moved(const LogFile& file, const std::string& path, std::uint64_t offset) {
    remember(file, path, offset);
    outcome_.positions.back().is_moved = true;
  }

  const std::vector<Position>& before_;
  const Manner& manner_;
  std::vector<Seen> seen_;
  Outcome outcome_;
};

}  // namespace

Outcome follow(const std::vector<Position>& before, const std::vector<std::string>& paths,
               const Manner& manner) {
  return Walk(before, manner).over(paths);
}

}  // namespace shoal::log
