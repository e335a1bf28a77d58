// SPDX-License-Identifier: MIT
#include "table_builder.hpp"

#include <utility>

namespace haggle::fine_tuning {

std::size_t TableBuilder::parameter(ParameterText text) {
  table_->own_parameters.push_back({keep(std::move(text.name)), keep(std::move(text.path)),
                                    keep(std::move(text.symbol)), "1", keep(std::move(text.meaning)), text.domain,
                                    text.preset, text.choices});
  return table_->own_parameters.size() - 1;
}

std::size_t TableBuilder::dimension(const InnerDimension& dimension) {
  table_->own_dimensions.push_back(dimension);
  return table_->own_dimensions.size() - 1;
}

void TableBuilder::word(std::string path, std::string meaning, std::span<const std::string_view> choices,
                        std::string_view preset, std::span<const std::string_view> choice_meanings,
                        std::string_view domain) {
  table_->own_words.push_back(
      {keep(std::move(path)), keep(std::move(meaning)), choices, preset, choice_meanings, domain});
}

void TableBuilder::require(std::size_t parameter, std::size_t choice, std::string_view value) {
  table_->own_requirements.push_back(
      {table_->own_parameters[parameter].name, table_->own_parameters[choice].name, value});
}

void TableBuilder::complain(std::string path, std::string message) {
  table_->own_complaints.push_back({std::move(path), std::move(message)});
}

std::size_t TableBuilder::output(Output output, std::vector<std::size_t> dimensions) {
  const std::size_t first = columns_;
  std::size_t width = 1;
  for (const std::size_t d : dimensions) width *= table_->own_dimensions[d].size;
  columns_ += width;
  output.dimensions = table_->dimension_lists.emplace_back(std::move(dimensions));
  table_->own_outputs.push_back(output);
  return first;
}

std::shared_ptr<Table> TableBuilder::finish() {
  Table& t = *table_;
  t.parameters = t.own_parameters;
  t.outputs = t.own_outputs;
  t.requirements = t.own_requirements;
  t.words = t.own_words;
  t.output_groups = t.own_groups;
  t.dimensions = t.own_dimensions;
  return table_;
}

const Outline* below(const Outline* outline, std::string_view key) { return outline ? outline->find(key) : nullptr; }

std::string_view text_at(const Outline* outline, std::string_view key) {
  const Outline* found = below(outline, key);
  return found ? found->text : std::string_view();
}

}  // namespace haggle::fine_tuning
