// The words of notices, and how times are written in them. Pure functions.
#pragma once

#include <chrono>
#include <string>

#include "alert/check_state.h"
#include "base/clock.h"

namespace shoal::alert {

// "2h 10m", "3d 4h", "45s": the two largest units.
std::string in_words(std::chrono::nanoseconds duration);
// "1st", "2nd", "11th".
std::string ordinal(int number);
// The first line, without its end.
std::string first_line(const std::string& text);

// First lines of notices.
std::string still(record::Status status, std::chrono::nanoseconds lasting, int notice);
std::string acknowledged(const Acknowledgement& acknowledgement);
std::string flapping_began(double percent);
std::string flapping_ended(double percent);
// The text of a check from which nothing is heard.
std::string silent_for(std::chrono::nanoseconds duration, const std::string& last_text);

}  // namespace shoal::alert
