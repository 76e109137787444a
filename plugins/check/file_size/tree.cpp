#include "tree.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <system_error>
#include <tuple>
#include <unistd.h>
#include <utility>

#include <sys/stat.h>

namespace shoal::file_size {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, CloseDirectory>;

// Nothing, with errno, if it cannot be opened.
Directory open_directory(int around, const char* name, int flags) {
  const int fd = openat(around, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK | flags);
  if (fd < 0) return nullptr;
  Directory directory(fdopendir(fd));
  if (!directory) close(fd);
  return directory;
}

// Between being listed and being looked at it went away, or became something else.
bool has_vanished(int error) {
  return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

bool is_dots(std::string_view name) {
  return name == "." || name == "..";
}

class Walk {
 public:
  Walk(const Extent& extent, const std::function<bool()>& may_go_on)
      : extent_(extent), may_go_on_(may_go_on) {}

  // One more open directory for each level, of which there are few.
  void look_into(DIR* directory, std::int64_t level) {
    for (;;) {
      errno = 0;
      const auto* const entry = readdir(directory);
      if (entry == nullptr) {
        if (errno != 0) blame(errno);
        return;
      }
      if (is_dots(entry->d_name)) continue;
      if (tree_.is_stopped || !may_go_on_()) {
        tree_.is_stopped = true;
        return;
      }
      const auto length = path_.size();
      path_ += (path_.empty() ? "" : "/") + std::string(entry->d_name);
      look_at(dirfd(directory), entry->d_name, level);
      path_.resize(length);
    }
  }

  Tree take() { return std::move(tree_); }

 private:
  void look_at(int around, const char* name, std::int64_t level) {
    struct stat status {};
    if (fstatat(around, name, &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) != 0) {
      if (!has_vanished(errno)) blame(errno);
    } else if (S_ISREG(status.st_mode)) {
      count(static_cast<std::uint64_t>(status.st_size));
    } else if (S_ISDIR(status.st_mode) && level < extent_.depth) {
      enter(around, name, level + 1);
    }
  }

  void enter(int around, const char* name, std::int64_t level) {
    if (const auto directory = open_directory(around, name, O_NOFOLLOW)) {
      look_into(directory.get(), level);
    } else if (!has_vanished(errno)) {
      blame(errno);
    }
  }

  void count(std::uint64_t bytes) {
    ++tree_.files;
    tree_.total_bytes += bytes;
    const SizedFile file{path_, bytes, extent_.badness_of(bytes)};
    if (tree_.files == 1 || bytes > tree_.largest.bytes) tree_.largest = file;
    if (file.badness > 0) keep_bad(file);
  }

  void keep_bad(const SizedFile& file) {
    ++tree_.bad_files;
    tree_.worst = std::max(tree_.worst, file.badness);
    auto& bad = tree_.bad;
    const auto place = std::find_if(bad.begin(), bad.end(), [&](const auto& other) {
      return std::tie(other.badness, other.bytes) < std::tie(file.badness, file.bytes);
    });
    bad.insert(place, file);
    if (bad.size() > most_named) bad.pop_back();
  }

  void blame(int error) {
    ++tree_.unreadable;
    if (tree_.faults.size() == most_named) return;
    const auto& path = path_.empty() ? std::string(".") : path_;
    tree_.faults.push_back(path + ": " + std::generic_category().message(error));
  }

  Extent extent_;
  const std::function<bool()>& may_go_on_;
  Tree tree_;
  std::string path_;
};

}  // namespace

Tree measure(const std::string& directory, const Extent& extent,
             const std::function<bool()>& may_go_on) {
  const auto top = open_directory(AT_FDCWD, directory.c_str(), 0);
  if (!top) throw std::system_error(errno, std::generic_category(), directory);
  Walk walk(extent, may_go_on);
  walk.look_into(top.get(), 1);
  return walk.take();
}

}  // namespace shoal::file_size
