// SPDX-License-Identifier: MIT
// Fills a fine_tuning::Table row by row, and keeps the texts and lists that its rows refer to.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "haggle/model/fine_tuning.hpp"

namespace haggle::fine_tuning {

/// A parameter's row in the making.
struct ParameterText {
  std::string name, path, symbol, meaning;
  Domain domain{};
  std::optional<double> preset{};
  std::span<const std::string_view> choices{};
};

class TableBuilder {
 public:
  TableBuilder() : table_(std::make_shared<Table>()) {}

  Form& form() { return table_->form; }
  std::string_view keep(std::string text) { return table_->texts.emplace_back(std::move(text)); }
  std::span<const std::string_view> keep(std::vector<std::string_view> list) {
    return table_->lists.emplace_back(std::move(list));
  }

  /// Each returns its row.
  std::size_t parameter(ParameterText text);
  std::size_t dimension(const InnerDimension& dimension);
  void word(std::string path, std::string meaning, std::span<const std::string_view> choices,
            std::string_view preset = {}, std::span<const std::string_view> choice_meanings = {},
            std::string_view domain = {});
  void require(std::size_t parameter, std::size_t choice, std::string_view value);
  void group(const OutputGroup& group) { table_->own_groups.push_back(group); }
  void complain(std::string path, std::string message);

  /// Returns its first column.
  std::size_t output(Output output, std::vector<std::size_t> dimensions = {});

  /// The table, ready for use. Nothing is to be added afterwards.
  std::shared_ptr<Table> finish();

 private:
  std::shared_ptr<Table> table_;
  std::size_t columns_ = 0;
};

/// The text of the scalar at `key` below `outline`, or nothing. `outline` may be null.
std::string_view text_at(const Outline* outline, std::string_view key);
const Outline* below(const Outline* outline, std::string_view key);

}  // namespace haggle::fine_tuning
