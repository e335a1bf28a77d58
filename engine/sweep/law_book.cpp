// SPDX-License-Identifier: MIT
#include "law_book.hpp"

#include <algorithm>

namespace haggle {
namespace {

constexpr std::size_t most_kept = 16384;  ///< of a law's numbers, in each thread

}  // namespace

LawBook::LawBook(const Plan& plan) {
  if (!plan.game->rules) return;
  for (Law& law : plan.game->rules->laws(*plan.game)) {
    const auto* first = plan.parameters.data() + law.first;
    // Over constants alone it was tried when the spec was read.
    if (std::any_of(first, first + law.count, [](const Source& s) { return s.kind != Source::Kind::constant; }))
      pages_.push_back({std::move(law), {}, {}, true});
  }
}

void LawBook::judge(const std::vector<std::vector<double>>& parameters, std::vector<Status>& status) {
  for (Page& page : pages_)
    for (std::size_t i = 0; i < status.size(); ++i)
      if (status[i] == Status::pending && !heeds(page, parameters, i)) status[i] = Status::out_of_domain;
}

bool LawBook::heeds(Page& page, const std::vector<std::vector<double>>& parameters, std::size_t point) {
  const auto* columns = parameters.data() + page.law.first;
  bool same = page.numbers.size() == page.law.count;
  for (std::size_t k = 0; same && k < page.law.count; ++k) same = page.numbers[k] == columns[k][point];
  if (same) return page.heeds;
  page.numbers.resize(page.law.count);
  for (std::size_t k = 0; k < page.law.count; ++k) page.numbers[k] = columns[k][point] + 0.0;  // -0 is 0
  auto known = page.heeded.find(page.numbers);
  if (known == page.heeded.end()) {
    if (page.heeded.size() == most_kept) page.heeded.clear();
    known = page.heeded.emplace(page.numbers, !page.law.find_flaw(page.numbers.data())).first;
  }
  return page.heeds = known->second;
}

}  // namespace haggle
