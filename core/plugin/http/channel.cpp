#include "plugin/http/channel.h"

#include <cerrno>

#include <sys/socket.h>

#include "base/error.h"

namespace shoal::plugin {
namespace {

using Step = ChannelStep::Kind;

ChannelStep step_of(ssize_t result, Step if_not_now) {
  if (result >= 0) return {Step::moved, static_cast<std::size_t>(result), {}};
  if (errno == EAGAIN || errno == EINTR) return {if_not_now, 0, {}};
  return {Step::failed, 0, errno_text(errno)};
}

class PlainChannel final : public Channel {
 public:
  explicit PlainChannel(UniqueFd fd) : fd_(std::move(fd)) {}

  int fd() const override { return fd_.get(); }

  ChannelStep handshake() override { return {}; }

  ChannelStep read(char* data, std::size_t size) override {
    auto step = step_of(::recv(fd_.get(), data, size, 0), Step::needs_input);
    if (step.kind == Step::moved && step.bytes == 0) step.kind = Step::ended;
    return step;
  }

  ChannelStep write(const char* data, std::size_t size) override {
    return step_of(::send(fd_.get(), data, size, MSG_NOSIGNAL), Step::needs_output);
  }

 private:
  UniqueFd fd_;
};

}  // namespace

std::unique_ptr<Channel> make_plain_channel(UniqueFd fd) {
  return std::make_unique<PlainChannel>(std::move(fd));
}

}  // namespace shoal::plugin
