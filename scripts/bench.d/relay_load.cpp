// Posts messages to a relay over kept connections, each waiting for its answer, and prints as JSON
// how many were answered with 200 in a second, and how long they took.
//
//   relay_load PORT CONNECTIONS SECONDS
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Outcome {
  std::vector<double> milliseconds;  // of what was answered with 200
  long others = 0;
};

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int yes = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    std::perror("connect");
    std::exit(1);
  }
  return fd;
}

std::string request_of(int connection) {
  const std::string body = R"({"tag":"ops","text":"message of connection )" +
                           std::to_string(connection) + R"(","level":"warn","sync":true})";
  return "POST /notify HTTP/1.1\r\nHost: relay\r\nContent-Type: "
         "application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Its answers are short, and come whole; false at the end of the connection.
bool take_answer(int fd, bool& is_ok) {
  char answer[2048];
  std::size_t size = 0;
  for (;;) {
    const auto got = ::read(fd, answer + size, sizeof(answer) - size);
    if (got <= 0) return false;
    size += static_cast<std::size_t>(got);
    const std::string_view text(answer, size);
    if (text.find("\r\n\r\n") != std::string_view::npos && text.back() == '}') {
      is_ok = text.substr(0, 12) == "HTTP/1.1 200";
      return true;
    }
  }
}

Outcome post(int port, int connection, Clock::time_point end) {
  Outcome outcome;
  const std::string request = request_of(connection);
  int fd = connect_to(port);
  while (Clock::now() < end) {
    const auto began = Clock::now();
    bool is_ok = false;
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0 || !take_answer(fd, is_ok)) {
      // A server ends a connection after so many requests.
      ::close(fd);
      fd = connect_to(port);
      continue;
    }
    const std::chrono::duration<double, std::milli> took = Clock::now() - began;
    if (is_ok) {
      outcome.milliseconds.push_back(took.count());
    } else {
      ++outcome.others;
    }
  }
  ::close(fd);
  return outcome;
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  const int port = std::atoi(words[1]);
  const int connections = std::atoi(words[2]);
  const double seconds = std::atof(words[3]);
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(seconds));
  std::vector<Outcome> outcomes(static_cast<std::size_t>(connections));
  std::vector<std::thread> threads;
  for (int i = 0; i < connections; ++i) {
    threads.emplace_back([&, i] { outcomes[static_cast<std::size_t>(i)] = post(port, i, end); });
  }
  for (auto& thread : threads) thread.join();

  Outcome all;
  for (const auto& one : outcomes) {
    all.milliseconds.insert(all.milliseconds.end(), one.milliseconds.begin(),
                            one.milliseconds.end());
    all.others += one.others;
  }
  if (all.milliseconds.empty()) return 1;
  std::sort(all.milliseconds.begin(), all.milliseconds.end());
  const auto part = [&](double share) {
    return all.milliseconds[static_cast<std::size_t>(
        share * static_cast<double>(all.milliseconds.size() - 1))];
  };
  std::printf(R"({"rate": %.0f, "p50_ms": %.3f, "p99_ms": %.3f, "others": %ld})"
              "\n",
              static_cast<double>(all.milliseconds.size()) / seconds, part(0.5), part(0.99),
              all.others);
}
