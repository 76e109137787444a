#include "session.h"

#include <hiredis/hiredis.h>

namespace shoal::redis {
namespace {

using common::Result;

// The reader's objects are the session's one reply: a text is copied there, a list is refused
// before hiredis allocates what its length says.
Reply& reply_of(const redisReadTask* task) {
  return *static_cast<Reply*>(task->privdata);
}

void* take_text(const redisReadTask* task, char* text, std::size_t size) {
  auto& reply = reply_of(task);
  reply = {task->type == REDIS_REPLY_ERROR, std::string(text, size)};
  return &reply;
}

void* take_integer(const redisReadTask* task, long long value) {
  auto& reply = reply_of(task);
  reply = {false, std::to_string(value)};
  return &reply;
}

void* take_nil(const redisReadTask* task) {
  auto& reply = reply_of(task);
  reply = {false, {}};
  return &reply;
}

void* refuse_list(const redisReadTask*, int) {
  return nullptr;
}

void keep(void*) {}

redisReplyObjectFunctions functions{&take_text, &refuse_list, &take_integer, &take_nil, &keep};

std::string written(const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  char* command = nullptr;
  const int size =
      redisFormatCommandArgv(&command, static_cast<int>(words.size()), texts.data(), sizes.data());
  const std::unique_ptr<char, void (*)(char*)> owner(command, &redisFreeCommand);
  return size < 0 ? std::string() : std::string(command, static_cast<std::size_t>(size));
}

}  // namespace

Session::Session(common::Connection& connection)
    : connection_(connection),
      reader_(redisReaderCreateWithFunctions(&functions), &redisReaderFree) {
  reader_->privdata = &reply_;
}

Result Session::broken(const std::string& fault) {
  fault_ = fault;
  return Result::broken;
}

Result Session::ask(const std::vector<std::string>& words, Reply& reply,
                    const common::Deadline& deadline) {
  auto result = connection_.send(written(words), deadline);
  fault_ = connection_.fault();
  void* object = nullptr;
  while (result == Result::good) {
    if (redisReaderGetReply(reader_.get(), &object) != REDIS_OK) {
      return broken("expected an answer of Redis, found something else: " +
                    std::string(reader_->err == REDIS_ERR_OOM ? "a list" : reader_->errstr));
    }
    if (object != nullptr) break;
    result = read(deadline);
  }
  reply = reply_;
  return result;
}

// Hands the next bytes on to the reader.
Result Session::read(const common::Deadline& deadline) {
  const auto result = connection_.receive([](auto text) { return !text.empty(); },
                                          most_bytes - received_, deadline);
  fault_ = connection_.fault();
  if (result != Result::good) return result;
  const auto text = connection_.take(most_bytes);
  received_ += text.size();
  if (text.empty()) {
    return broken(received_ < most_bytes
                      ? "the peer closed the connection"
                      : "expected at most " + std::to_string(most_bytes) + " bytes, found more");
  }
  redisReaderFeed(reader_.get(), text.data(), text.size());
  return result;
}

}  // namespace shoal::redis
