// SPDX-License-Identifier: MIT
// What the tests of the spec reader's messages share: one right spec, and what is said when a line of it is wrong.
#pragma once
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "haggle/sweep/spec.hpp"

namespace complaints {

inline const std::vector<std::string> base{"haggle: 1",                     //
                                           "game: fine_tuning",             //
                                           "generalist:",                   //
                                           "  cost: {coefficient: 1}",      //
                                           "specialists:",                  //
                                           "  - revenue: {elasticity: 1}",  //
                                           "    cost: {coefficient: 1}"};   //

/// The base with its n-th line (from 1) replaced; line 8 is appended.
inline std::string with(std::size_t line, const std::string& text) {
  std::string spec;
  for (std::size_t i = 1; i <= base.size(); ++i) spec += (i == line ? text : base[i - 1]) + "\n";
  return line > base.size() ? spec + text + "\n" : spec;
}

/// All messages, one a line; empty when the spec is right.
inline std::string complaint(const std::string& spec, const std::vector<haggle::Override>& overrides = {}) {
  try {
    haggle::read_spec(spec, "s.yaml", overrides);
  } catch (const haggle::SpecError& error) {
    return error.what();
  }
  return "";
}

/// A generalist's cost coefficient in line 4 that starts at column 23.
inline std::string cost(const std::string& value) { return complaint(with(4, "  cost: {coefficient: " + value + "}")); }

struct Case {
  std::string spec, message;
};

inline void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    CAPTURE(c.spec);
    CHECK(complaint(c.spec) == c.message);
  }
}

}  // namespace complaints
