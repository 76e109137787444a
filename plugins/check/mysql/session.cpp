#include "session.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <poll.h>
#include <system_error>
#include <thread>

#include <mariadb/errmsg.h>
#include <mariadb/mysql.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "common/fields.h"
#include "common/net/system_roots.h"
#include "common/words.h"

namespace shoal::mysql {
namespace {

using common::Deadline;
using common::Result;

constexpr std::size_t most_bytes = std::size_t{256} * 1024;
constexpr unsigned long most_in_packet = 64UL * 1024;
constexpr std::size_t most_rows = 64;
constexpr const char* no_answer = "no answer in time";

// Unknown to this server, or not for this user.
bool is_fault_of_query(unsigned code) {
  constexpr unsigned syntax = 1064, no_table_right = 1142, no_right = 1227, unknown_variable = 1193;
  return code == syntax || code == no_table_right || code == no_right || code == unknown_variable;
}

bool is_about_connecting(unsigned code) {
  return code == CR_CONNECTION_ERROR || code == CR_CONN_HOST_ERROR;
}

// libmariadb ends its own words on sockets with the system's error: "... (111)".
int system_error_in(std::string_view text) {
  const auto begin = text.rfind('(');
  if (begin == std::string_view::npos || text.back() != ')') return 0;
  const auto number = common::to_number(text.substr(begin + 1, text.size() - begin - 2));
  return number && *number < 4096 ? static_cast<int>(*number) : 0;
}

Result result_of(int error) {
  if (error == ECONNREFUSED || error == ENOENT) return Result::refused;
  return error == EACCES ? Result::impossible : Result::broken;
}

bool speaks_tls(const Settings& settings, const common::Address& address) {
  return settings.tls == "on" || (settings.tls == "auto" && !common::is_on_this_host(address));
}

bool is_verified(const Settings& settings, const common::Address& address) {
  return settings.is_verified && speaks_tls(settings, address);
}

// Signals are the agent's, and the library ignores one of them from its first call on.
MYSQL* initialised() {
  struct sigaction kept {};
  ::sigaction(SIGPIPE, nullptr, &kept);
  auto* const connection = mysql_init(nullptr);
  ::sigaction(SIGPIPE, &kept, nullptr);
  return connection;
}

// The library waits in a TLS handshake without giving control back. Whoever waits longer than the
// deadline finds the socket shut.
class Watchdog {
 public:
  Watchdog(int fd, const Deadline& deadline)
      : thread_([this, fd, left = deadline.left()] {
          std::unique_lock lock(mutex_);
          if (!over_.wait_for(lock, left, [this] { return is_over_; })) ::shutdown(fd, SHUT_RDWR);
        }) {}
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    over_.notify_one();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread thread_;
};

Row row_of(MYSQL_RES* rows, char** values) {
  Row row;
  const auto* const fields = mysql_fetch_fields(rows);
  const auto* const lengths = mysql_fetch_lengths(rows);
  for (unsigned i = 0; i < mysql_num_fields(rows); ++i) {
    if (values[i] != nullptr) row[fields[i].name] = std::string(values[i], lengths[i]);
  }
  return row;
}

}  // namespace

Session::~Session() {
  hang_up();
}

Result Session::fail(Result result, const std::string& reason) {
  fault_ = reason;
  return result;
}

Result Session::fail_as_told() {
  const std::string text = mysql_error(connection_);
  const auto code = mysql_errno(connection_);
  if (is_about_connecting(code)) {
    if (const int error = system_error_in(text); error != 0) {
      return fail(result_of(error), std::generic_category().message(error));
    }
  }
  return fail(Result::broken, common::first_line(text));
}

// The library closes by reading what is left of a result and by saying goodbye; on a socket that
// is shut both end at once.
void Session::hang_up() {
  if (connection_ == nullptr) return;
  const auto fd = mysql_get_socket(connection_);
  if (fd >= 0) ::shutdown(fd, SHUT_RDWR);
  mysql_close(connection_);
  connection_ = nullptr;
}

void Session::close(const Deadline& deadline) {
  if (connection_ == nullptr || is_lost_) return;
  auto* const closing = connection_;
  drive(
      mysql_close_start(closing), [&](int happened) { return mysql_close_cont(closing, happened); },
      deadline.left(), deadline);
  connection_ = nullptr;
}

Result Session::open(const Settings& settings, const std::vector<common::Address>& addresses,
                     const Deadline& deadline) {
  auto result = Result::impossible;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    // By name the library goes through all addresses itself.
    const bool is_named = is_verified(settings, addresses[i]);
    const auto tries = is_named ? addresses.size() : addresses.size() - i;
    result = open_one(settings, addresses[i], tries, deadline);
    if (result == Result::good || is_taken_ || is_named) return result;
  }
  return result;
}

void Session::prepare(const Settings& settings, bool is_tls, bool is_plain_safe) {
  const auto set = [this](mysql_option option, const void* value) {
    mysql_options(connection_, option, value);
  };
  const my_bool yes = 1, no = 0;
  const unsigned off = 0;
  const unsigned protocol = settings.socket.empty() ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET;
  set(MYSQL_OPT_NONBLOCK, nullptr);
  set(MYSQL_OPT_PROTOCOL, &protocol);
  set(MYSQL_OPT_LOCAL_INFILE, &off);
  set(MYSQL_OPT_RECONNECT, &no);
  set(MYSQL_OPT_MAX_ALLOWED_PACKET, &most_in_packet);
  // caching_sha2 gives the password to whoever asks in the clear; others only prove to know it.
  set(MARIADB_OPT_RESTRICTED_AUTH,
      is_plain_safe ? "mysql_native_password,client_ed25519,caching_sha2_password"
                    : "mysql_native_password,client_ed25519");
  if (!is_tls) return;
  set(MYSQL_OPT_SSL_ENFORCE, &yes);
  set(MARIADB_OPT_TLS_VERSION, "TLSv1.2,TLSv1.3");
  set(MYSQL_OPT_SSL_VERIFY_SERVER_CERT, settings.is_verified ? &yes : &no);
  if (!settings.ca_file.empty()) set(MYSQL_OPT_SSL_CA, settings.ca_file.c_str());
}

Result Session::open_one(const Settings& settings, const common::Address& address,
                         std::size_t tries, const Deadline& deadline) {
  hang_up();
  connection_ = initialised();
  if (connection_ == nullptr) return fail(Result::impossible, "out of memory");
  const bool is_named = is_verified(settings, address);
  if (is_named && !settings.has_roots) return fail(Result::impossible, common::no_system_roots);
  prepare(settings, speaks_tls(settings, address), is_named || common::is_on_this_host(address));
  // The library compares the certificate with what it was told to connect to, so it gets the name
  // where that counts, and looks it up once more. It was found a moment ago.
  const auto where = !settings.socket.empty() ? std::string()
                     : is_named               ? settings.host
                                              : common::numeric_host(address);

  MYSQL* opened = nullptr;
  int last = 0;
  const auto result = drive(
      mysql_real_connect_start(&opened, connection_, where.empty() ? nullptr : where.c_str(),
                               settings.user.c_str(), settings.password.c_str(), nullptr,
                               settings.port,
                               settings.socket.empty() ? nullptr : settings.socket.c_str(), 0),
      [&](int happened) {
        last = happened;
        const Watchdog watchdog(mysql_get_socket(connection_), deadline);
        return mysql_real_connect_cont(&opened, connection_, happened);
      },
      deadline.left() / tries, deadline);
  if (result != Result::good || opened != nullptr) return result;
  const bool is_late = last == MYSQL_WAIT_TIMEOUT && is_about_connecting(mysql_errno(connection_));
  return is_late ? fail(Result::timed_out, no_answer) : fail_as_told();
}

Result Session::wait(int wanted, std::chrono::milliseconds patience, const Deadline& deadline,
                     int& happened) {
  const auto fd = mysql_get_socket(connection_);
  // A small window keeps a server that talks without end from outrunning the count of its bytes.
  constexpr int window = 64 * 1024;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
  const bool reads = (wanted & MYSQL_WAIT_READ) != 0;
  if (reads && (wanted & MYSQL_WAIT_WRITE) == 0) is_taken_ = true;
  if (!common::wait_for(fd, reads ? POLLIN : POLLOUT, is_taken_ ? deadline.left() : patience,
                        deadline)) {
    if (is_taken_ || deadline.has_passed()) return fail(Result::timed_out, no_answer);
    // Told so, the library gives this address up and goes on to the next one that it knows.
    happened = MYSQL_WAIT_TIMEOUT;
    return Result::good;
  }
  happened = reads ? MYSQL_WAIT_READ : MYSQL_WAIT_WRITE;
  int pending = 0;
  ::ioctl(fd, FIONREAD, &pending);
  received_ += static_cast<std::size_t>(std::max(pending, 0));
  return received_ <= most_bytes ? Result::good : fail(Result::broken, "it says more than 256 KiB");
}

Result Session::drive(int wanted, const Resume& resume, std::chrono::milliseconds patience,
                      const Deadline& deadline) {
  // An operation that was begun is led to its end, also when the round is cancelled: the library
  // keeps a stack of its own until then.
  struct Ending {
    Session& session;
    const Resume& resume;
    int& wanted;
    ~Ending() {
      if (wanted == 0) return;
      session.is_lost_ = true;
      ::shutdown(mysql_get_socket(session.connection_), SHUT_RDWR);
      constexpr int all = MYSQL_WAIT_READ | MYSQL_WAIT_WRITE | MYSQL_WAIT_TIMEOUT;
      for (int i = 0; i < 1000 && wanted != 0; ++i) wanted = resume(all);
    }
  } const ending{*this, resume, wanted};
  while (wanted != 0) {
    int happened = 0;
    const auto result = wait(wanted, patience, deadline, happened);
    if (result != Result::good) return result;
    wanted = resume(happened);
  }
  return Result::good;
}

Result Session::read_rows(MYSQL_RES* rows, Answer& answer, const Deadline& deadline) {
  for (;;) {
    MYSQL_ROW values = nullptr;
    const auto result = drive(
        mysql_fetch_row_start(&values, rows),
        [&](int happened) { return mysql_fetch_row_cont(&values, rows, happened); },
        deadline.left(), deadline);
    if (result != Result::good) return result;
    if (values == nullptr) return mysql_errno(connection_) == 0 ? Result::good : fail_as_told();
    if (answer.rows.size() == most_rows) return fail(Result::broken, "it gives more than 64 rows");
    answer.rows.push_back(row_of(rows, values));
  }
}

Answer Session::ask(const std::string& query, const Deadline& deadline) {
  Answer answer;
  int failed = 0;
  answer.result = drive(
      mysql_real_query_start(&failed, connection_, query.c_str(), query.size()),
      [&](int happened) { return mysql_real_query_cont(&failed, connection_, happened); },
      deadline.left(), deadline);
  MYSQL_RES* rows = nullptr;
  if (answer.result == Result::good) {
    rows = failed == 0 ? mysql_use_result(connection_) : nullptr;
    if (rows != nullptr) {
      answer.result = read_rows(rows, answer, deadline);
    } else if (mysql_errno(connection_) != 0) {
      answer.code = mysql_errno(connection_);
      answer.result = fail_as_told();
      if (is_fault_of_query(answer.code)) answer.result = Result::impossible;
    }
  }
  if (answer.result != Result::good) {
    answer.fault = fault_;
    is_lost_ = answer.code == 0;
  }
  if (is_lost_ && mysql_get_socket(connection_) >= 0) {
    ::shutdown(mysql_get_socket(connection_), SHUT_RDWR);
  }
  if (rows != nullptr) mysql_free_result(rows);
  return answer;
}

}  // namespace shoal::mysql
