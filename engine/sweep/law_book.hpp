// SPDX-License-Identifier: MIT
#pragma once
#include <map>
#include <vector>

#include "haggle/sweep/plan.hpp"

namespace haggle {

/// The laws of a plan's game over numbers that vary, and which numbers were found to break them: a sweep meets the same
/// few again and again, and to try them takes tens of microseconds.
class LawBook {
 public:
  LawBook() = default;
  explicit LawBook(const Plan& plan);

  /// Makes what is pending and breaks a law out_of_domain. `parameters` as the Evaluator fills them.
  void judge(const std::vector<std::vector<double>>& parameters, std::vector<Status>& status);

 private:
  struct Page {
    Law law;
    std::map<std::vector<double>, bool> heeded;
    std::vector<double> numbers;  ///< those of the last game
    bool heeds = true;            ///< what became of it
  };
  static bool heeds(Page& page, const std::vector<std::vector<double>>& parameters, std::size_t point);

  std::vector<Page> pages_;
};

}  // namespace haggle
