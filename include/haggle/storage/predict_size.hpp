// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "haggle/sweep/plan.hpp"

namespace haggle {

/// Bytes of the result file's arrays before compression; 2^64-1 stands for that many or more.
struct FileEstimate {
  struct Variable {
    std::string name;
    std::uint64_t bytes = 0;
  };
  std::vector<Variable> variables;  ///< coordinates, then outputs, as in the file
  std::uint64_t total = 0;
};

FileEstimate predict_size(const Plan& plan);

}  // namespace haggle
