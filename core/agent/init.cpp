// shoal init: puts an API key into the configuration file, once.

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <unistd.h>

#include <fmt/core.h>
#include <sys/stat.h>

#include "agent/commands.h"
#include "agent/configuration.h"
#include "base/error.h"
#include "base/log.h"
#include "base/unique_fd.h"
#include "config/document.h"

namespace shoal::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Nothing if there is no such file.
std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file) throw Error(fmt::format("{}: cannot be read: {}", path, errno_text(errno)));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

config::Table parse(const std::string& text, const std::string& path) {
  config::Problems problems;
  const auto table = config::parse_document(text, path, problems);
  if (table) return *table;
  throw ConfigError(config::to_line(problems.errors.front()));
}

bool has_key(const config::Table& table, const std::string& path) {
  if (config::find(table, "apikey_file") != nullptr) return true;
  const config::Value* key = config::find(table, "apikey");
  if (key == nullptr) return false;
  const auto* text = key->as<std::string>();
  if (text != nullptr && !text->empty()) return true;
  throw ConfigError(fmt::format("{}:{}: apikey: stands there without a key; remove that line", path,
                                key->where.line));
}

std::string assignment(std::string_view key, const std::string& text) {
  return fmt::format("{} = {}\n", key, config::to_json(config::Value{.content = text}));
}

void write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count < 0) throw_errno("write " + path);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(fd) != 0) throw_errno("fsync " + path);
}

// A key is nobody else's business. A file that was there keeps its owner and mode.
void replace_file(const std::string& path, std::string_view text) {
  const std::string fresh = path + ".new";
  const UniqueFd fd(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) throw_errno("open " + fresh);
  struct stat old {};
  if (::stat(path.c_str(), &old) == 0) {
    if (::fchown(fd.get(), old.st_uid, old.st_gid) != 0) throw_errno("chown " + fresh);
    if (::fchmod(fd.get(), old.st_mode & 07777) != 0) throw_errno("chmod " + fresh);
  }
  write_all(fd.get(), text, fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) throw_errno("rename " + fresh);
}

}  // namespace

int init(const Arguments& arguments) {
  const auto key = arguments.value("apikey");
  if (!key || key->empty()) throw UsageError("shoal init: expected --apikey KEY");
  const std::string path = main_file(arguments);
  std::string text = read_file(path).value_or("");
  if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
  if (has_key(parse(text, path), path)) {
    log::info("{}: has an apikey already; left as it is", path);
    return 0;
  }
  std::string head = assignment("apikey", *key);
  if (const auto base = arguments.value("apibase")) head += assignment("apibase", *base);
  fs::create_directories(fs::absolute(path).parent_path());
  replace_file(path, head + text);
  fmt::print("{}: apikey written\n", path);
  return 0;
}

}  // namespace shoal::agent
