#include "common/complaint.h"

#include <vector>

#include <doctest/doctest.h>

TEST_SUITE("Complaint") {
  TEST_CASE("speaks when something begins, changes or comes back") {
    std::vector<std::string> logged;
    shoal_host host{};
    host.size = sizeof(host);
    host.service = [](const shoal_host*, const char*) -> const void* { return nullptr; };
    host.log = [](shoal_context* lines, uint32_t level, shoal_text message) {
      CHECK(level == SHOAL_LOG_WARNING);
      reinterpret_cast<std::vector<std::string>*>(lines)->emplace_back(shoal::view(message));
    };
    const shoal_create create{
        sizeof(shoal_create), 0, &host, reinterpret_cast<shoal_context*>(&logged), shoal::text(""),
        shoal::text("{}")};
    const shoal::Context context(create);
    shoal::common::Complaint complaint(context);

    for (const auto* message : {"", "a", "a", "b", "", "", "b"}) complaint.state(message);

    CHECK(logged == std::vector<std::string>{"a", "b", "b"});
  }
}
