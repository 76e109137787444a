#include "session.h"

#include <algorithm>
#include <cerrno>
#include <libpq-fe.h>
#include <poll.h>
#include <string_view>
#include <unistd.h>

#include <sys/ioctl.h>
#include <sys/socket.h>

#include "common/net/system_roots.h"
#include "common/words.h"

namespace shoal::postgresql {
namespace {

using common::Deadline;
using common::Result;
using PgResult = std::unique_ptr<PGresult, void (*)(PGresult*)>;

constexpr std::size_t most_bytes = std::size_t{256} * 1024;
constexpr const char* no_answer = "no answer in time";
constexpr const char* too_much = "it says more than 256 KiB";

// Without where it was, which the check says already, and the advice in further lines.
std::string words_of(std::string_view message) {
  constexpr std::string_view where = "failed: ";
  const auto found = message.rfind(where);
  if (found != std::string_view::npos) message.remove_prefix(found + where.size());
  return common::first_line(message);
}

bool says(std::string_view text, std::string_view words) {
  return text.find(words) != std::string_view::npos;
}

// Syntax, names, rights and data: classes 42, 22 and 25 of the SQL standard.
bool is_fault_of_query(const PGresult* result) {
  const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const auto of_class = std::string_view(code == nullptr ? "" : code).substr(0, 2);
  return of_class == "42" || of_class == "22" || of_class == "25";
}

std::vector<std::string> row_of(const PGresult* result) {
  std::vector<std::string> row;
  for (int column = 0; column < PQnfields(result); ++column) {
    const bool is_null = PQgetisnull(result, 0, column) == 1;
    row.emplace_back(is_null ? "NULL" : PQgetvalue(result, 0, column));
  }
  return row;
}

// Takes one result into the answer; false when nothing more is worth hearing.
bool take(const PGresult* result, Answer& answer) {
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
      return true;
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
      if (PQntuples(result) == 0) return true;
      if (answer.row.empty() && PQntuples(result) == 1) {
        answer.row = row_of(result);
        return true;
      }
      answer = {Result::impossible, {}, "expected one row, got more"};
      return false;
    case PGRES_FATAL_ERROR: {
      const auto status = is_fault_of_query(result) ? Result::impossible : Result::broken;
      answer = {status, {}, words_of(PQresultErrorMessage(result))};
      return false;
    }
    default:
      answer = {Result::impossible, {}, "expected rows, got something else"};
      return false;
  }
}

std::string transaction_of(const std::string& query, const Deadline& deadline) {
  return "BEGIN READ ONLY; SET LOCAL statement_timeout = " +
         std::to_string(std::max<std::int64_t>(deadline.left().count(), 1)) + ";\n" + query +
         "\n; COMMIT";
}

}  // namespace

Result Session::fail(Result result, const std::string& reason) {
  fault_ = reason;
  return result;
}

Result Session::fail_as_told(Result result) {
  return fail(result, words_of(PQerrorMessage(connection_.get())));
}

Result Session::open(const Settings& settings, const std::vector<common::Address>& addresses,
                     const Deadline& deadline) {
  auto result = Result::impossible;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    result = open_one(settings, addresses[i], deadline.left() / (addresses.size() - i), deadline);
    if (result == Result::good || is_taken_) return result;
  }
  return result;
}

Result Session::open_one(const Settings& settings, const common::Address& address,
                         std::chrono::milliseconds patience, const Deadline& deadline) {
  const auto numeric = address.family() == AF_UNIX ? "" : common::numeric_host(address);
  const bool is_here = common::is_on_this_host(address);
  if (is_verified(settings, is_here) && settings.ca_file.empty()) {
    return fail(Result::impossible, common::no_system_roots);
  }
  const auto text = connection_string(settings, numeric, is_here);
  connection_ = {PQconnectStart(text.c_str()), &PQfinish};
  if (connection_ == nullptr) return fail(Result::impossible, "out of memory");
  PQsetNoticeReceiver(
      connection_.get(), [](void*, const PGresult*) {}, nullptr);
  const auto result = connect(patience, deadline);
  // The kernel says why there is no connection; a server says so in other words.
  if (result == Result::broken && !is_taken_) {
    const bool is_refused = says(fault_, "Connection refused") || says(fault_, "No such file");
    if (is_refused) return Result::refused;
    if (says(fault_, "Permission denied")) return Result::impossible;
  }
  return result;
}

Result Session::connect(std::chrono::milliseconds patience, const Deadline& deadline) {
  auto* const connection = connection_.get();
  if (PQstatus(connection) == CONNECTION_BAD) return fail_as_told(Result::broken);
  // libpq would else wait, without end, for a server that reads no more.
  PQsetnonblocking(connection, 1);
  const auto end = Deadline::Clock::now() + patience;
  short wanted = POLLOUT;
  for (;;) {
    if (PQstatus(connection) != CONNECTION_STARTED) is_taken_ = true;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Deadline::Clock::now());
    if (!wait(wanted, is_taken_ ? deadline.left() : left, deadline)) {
      return fail(Result::timed_out, no_answer);
    }
    if (!is_within_bound()) return fail(Result::broken, too_much);
    switch (PQconnectPoll(connection)) {
      case PGRES_POLLING_OK:
        return Result::good;
      case PGRES_POLLING_FAILED:
        return fail_as_told(Result::broken);
      case PGRES_POLLING_READING:
        wanted = POLLIN;
        break;
      default:
        wanted = POLLOUT;
        break;
    }
  }
}

bool Session::wait(short events, std::chrono::milliseconds patience, const Deadline& deadline) {
  const int fd = PQsocket(connection_.get());
  // A small window keeps a server that talks without end from outrunning the count of its bytes.
  constexpr int window = 64 * 1024;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
  return common::wait_for(fd, events, patience, deadline);
}

bool Session::is_within_bound() {
  int pending = 0;
  ::ioctl(PQsocket(connection_.get()), FIONREAD, &pending);
  received_ += static_cast<std::size_t>(std::max(pending, 0));
  return received_ <= most_bytes;
}

Result Session::send(const std::string& text, const Deadline& deadline) {
  auto* const connection = connection_.get();
  if (PQsendQuery(connection, text.c_str()) != 1) return fail_as_told(Result::broken);
  PQsetSingleRowMode(connection);
  for (;;) {
    const int unsent = PQflush(connection);
    if (unsent == 0) return Result::good;
    if (unsent < 0) return fail_as_told(Result::broken);
    if (!wait(POLLOUT, deadline.left(), deadline)) {
      return fail(Result::timed_out, "it takes no more");
    }
  }
}

Result Session::receive(const Deadline& deadline) {
  auto* const connection = connection_.get();
  while (PQisBusy(connection) == 1) {
    if (!wait(POLLIN, deadline.left(), deadline)) return fail(Result::timed_out, no_answer);
    if (!is_within_bound()) return fail(Result::broken, too_much);
    if (PQconsumeInput(connection) != 1) return fail_as_told(Result::broken);
  }
  return Result::good;
}

Answer Session::ask(const std::string& query, const Deadline& deadline) {
  Answer answer;
  auto result = send(transaction_of(query, deadline), deadline);
  for (bool wants_more = true; result == Result::good && wants_more;) {
    result = receive(deadline);
    if (result != Result::good) break;
    const PgResult next(PQgetResult(connection_.get()), &PQclear);
    wants_more = next != nullptr && take(next.get(), answer);
  }
  if (result != Result::good) return {result, {}, fault_};
  if (answer.result == Result::good && answer.row.empty()) {
    return {Result::impossible, {}, "expected one row, got none"};
  }
  return answer;
}

}  // namespace shoal::postgresql
