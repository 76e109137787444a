#include "run/go_float.h"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

using shoal::run::parse_go_float;

TEST_SUITE("parse_go_float") {
  TEST_CASE("reads what Go reads") {
    struct Row {
      std::string_view text;
      double value;
    };
    const double infinity = std::numeric_limits<double>::infinity();
    const Row rows[] = {
        {"0", 0},           {"1", 1},
        {"+1", 1},          {"-1.5", -1.5},
        {".5", 0.5},        {"5.", 5},
        {"1e21", 1e21},     {"1E-3", 1e-3},
        {"1e+2", 100},      {"1e-400", 0},
        {"0.1", 0.1},       {"1.7976931348623157e308", 1.7976931348623157e308},
        {"0x1p4", 16},      {"0X1.8P-1", 0.75},
        {"-0x.8p0", -0.5},  {"0x1p-2000", 0},
        {"1_0", 10},        {"1_000.2_5e1_0", 1000.25e10},
        {"0x_1_0p0", 16},   {"inf", infinity},
        {"+Inf", infinity}, {"-INFINITY", -infinity},
    };

    for (const Row& row : rows) {
      CAPTURE(row.text);
      CHECK(parse_go_float(row.text) == row.value);
    }
    CHECK(std::isnan(parse_go_float("NaN").value_or(0)));
  }

  TEST_CASE("refuses what Go refuses") {
    const std::string_view rows[] = {
        "",      " 1",     "1 ",       "x",    "1x",   "1,5",     "--1",       "+",     ".",
        "e5",    "1e",     "1e+",      "0x10", "0x",   "0xp1",    "0x1p",      "0x1e4", "1p4",
        "_1",    "1_",     "1__0",     "1_.5", "1._5", "1_e5",    "1e_5",      "1e5_",  "0_x1p1",
        "1e400", "-1e400", "0x1p2000", "-nan", "+nan", "infinit", "infinityx", "0b1",   "1.2.3",
    };

    for (const std::string_view text : rows) {
      CAPTURE(text);
      CHECK_FALSE(parse_go_float(text).has_value());
    }
  }

  TEST_CASE("is not ended by a NUL byte") {
    CHECK_FALSE(parse_go_float(std::string_view("1\0", 2)).has_value());
  }
}
