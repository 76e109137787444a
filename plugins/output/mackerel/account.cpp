#include "account.h"

namespace shoal::mackerel {
namespace {

void split(Batch& batch, const Indices& indices, const Apart& apart, const Failure& failure) {
  if (indices.size() == 1) {
    return reject(batch, indices[0], apart.name(indices[0]) + ": " + failure.what());
  }
  const auto middle = indices.begin() + static_cast<std::ptrdiff_t>(indices.size() / 2);
  post_apart(batch, {indices.begin(), middle}, apart);
  post_apart(batch, {middle, indices.end()}, apart);
}

void explain(const Batch& batch, const std::string& reason) {
  const auto& context = batch.context();
  context.host().explain(context.raw(), text(reason));
  context.log(SHOAL_LOG_WARNING, reason);
}

}  // namespace

Account::Account(const Context& context)
    : context_(context),
      clock_(static_cast<const shoal_clock*>(context.service(SHOAL_SERVICE_CLOCK))),
      api_(context.options()),
      host_(context) {
  if (clock_ == nullptr) throw Failure("this host has no clock", SHOAL_UNSUPPORTED);
}

void Account::prepare(const Call& call) {
  if (inventory_.update(host_.jobs())) host_.describe_soon();
  host_.resolve(call, api_, inventory_.jobs());
  host_.refresh(call, api_, inventory_.jobs(), now_ns());
}

std::string Account::host_id(std::string_view identifier, const Call& call) {
  if (identifier.empty()) return host_.id();
  return others_.id_of(std::string(identifier), call, api_, now_ns());
}

void reject(Batch& batch, std::uint32_t index, const std::string& reason) {
  explain(batch, reason);
  batch.reject(index);
}

void post_apart(Batch& batch, const Indices& indices, const Apart& apart) {
  if (indices.empty()) return;
  try {
    apart.post(indices);
    for (const auto i : indices) batch.deliver(i);
  } catch (const Failure& failure) {
    if (failure.status() == SHOAL_REJECTED) return split(batch, indices, apart, failure);
    explain(batch, apart.what + " kept for later: " + failure.what());
  }
}

}  // namespace shoal::mackerel
