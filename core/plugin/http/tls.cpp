#include "plugin/http/tls.h"

#include <dlfcn.h>

#include <fmt/core.h>

#include "plugin/http/failure.h"

namespace shoal::plugin {

TlsOpen TlsModule::load() {
  const std::lock_guard lock(mutex_);
  if (open_ != nullptr) return open_;
  void* library = ::dlopen(file_.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = library == nullptr ? nullptr : ::dlsym(library, "shoal_tls_open");
  if (symbol == nullptr) {
    throw HttpFailure(CallStatus::retry, fmt::format("no https: {}", ::dlerror()));
  }
  open_ = reinterpret_cast<TlsOpen>(symbol);
  return open_;
}

std::unique_ptr<Channel> TlsModule::open(UniqueFd fd, const TlsPeer& peer) {
  const auto open = load();
  std::string fault;
  std::unique_ptr<Channel> channel(open(fd.release(), peer, fault));
  if (channel == nullptr) throw HttpFailure(CallStatus::config, fault);
  return channel;
}

}  // namespace shoal::plugin
