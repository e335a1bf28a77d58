// SPDX-License-Identifier: MIT
#include "spec_canonical.hpp"

#include <algorithm>
#include <set>

#include "text.hpp"

namespace haggle::spec {
namespace {

bool has_axes(const Node& node) {
  if (node.find("axis")) return true;
  return std::any_of(node.items.begin(), node.items.end(), has_axes) ||
         std::any_of(node.entries.begin(), node.entries.end(), [](const Entry& e) { return has_axes(e.node()); });
}

/// The tables' order, but keys with axes below them keep the document's order among themselves.
std::vector<const SchemaNode*> ordered(const SchemaNode& schema, const Node* node) {
  std::vector<const SchemaNode*> order;
  for (const SchemaNode& child : schema.children) order.push_back(&child);
  if (!node) return order;
  std::vector<const SchemaNode*> with_axes;
  for (const Entry& entry : node->entries)
    if (const SchemaNode* child = schema.find(entry.key); child && has_axes(entry.node())) with_axes.push_back(child);
  auto next = with_axes.begin();
  for (const SchemaNode*& place : order)
    if (std::find(with_axes.begin(), with_axes.end(), place) != with_axes.end()) place = *next++;
  return order;
}

class CanonicalWriter {
 public:
  CanonicalWriter(const Plan& plan, const std::vector<std::string>& words) : plan_(plan), words_(words) {}

  void children(const SchemaNode& schema, const Node* node, const std::string& indent) {
    std::string first = indent;
    for (const SchemaNode* child : ordered(schema, node)) {
      out_ += first + child->key + ":";
      first = std::string(indent.size(), ' ');  // a list entry's dash stands before its first key only
      one(*child, node ? node->find(child->key) : nullptr, first);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void one(const SchemaNode& schema, const Node* node, const std::string& indent) {
    if (schema.parameter) {
      out_ += " " + source(*schema.parameter) + "\n";
    } else if (schema.word) {
      out_ += " " + word(*schema.word) + "\n";
    } else if (schema.list()) {
      out_ += "\n";
      for (std::size_t i = 0; i < schema.items.size(); ++i)
        children(schema.items[i], node && i < node->items.size() ? &node->items[i] : nullptr, indent + "  - ");
    } else {
      out_ += "\n";
      children(schema, node, indent + "  ");
    }
  }

  /// A choice is bare, unless a person named it something that YAML reads as no word.
  std::string word(std::size_t row) const {
    const std::string& text = words_[row];
    const bool plain = is_identifier(text) && text != "null" && text != "Null" && text != "NULL";
    return plan_.game->words[row].choices.empty() || !plain ? write_text(text) : text;
  }

  std::string source(std::size_t parameter) {
    const Source& source = plan_.parameters[parameter];
    const auto choices = plan_.game->parameters[parameter].choices;
    if (source.kind == Source::Kind::derived) return "{from: " + write_text(source.expression) + "}";
    if (source.kind == Source::Kind::axis) return axis(source.axis);
    if (!choices.empty()) return std::string(choices[static_cast<std::size_t>(source.constant)]);
    return write_number(source.constant);
  }

  std::string axis(std::size_t index) {
    const Axis& axis = plan_.axes[index];
    if (!defined_.insert(index).second) return "{axis: " + axis.name + "}";
    std::string text = "{axis: " + axis.name + ", ";
    if (axis.segments.size() == 1) return text + segment(axis, 0) + "}";
    text += "concat: [";
    for (std::size_t s = 0, label = 0; s < axis.segments.size(); ++s)
      text += (s ? ", {" : "{") + segment(axis, s, &label) + "}";
    return text + "]}";
  }

  static std::string segment(const Axis& axis, std::size_t s, std::size_t* label = nullptr) {
    if (const auto* spaced = std::get_if<Spaced>(&axis.segments[s]))
      return (spaced->geometric ? "geomspace: [" : "linspace: [") + write_number(spaced->first) + ", " +
             write_number(spaced->last) + ", " + std::to_string(spaced->n) + "]";
    std::size_t none = 0;
    std::size_t& at = label ? *label : none;
    std::string text = "values: [";
    const auto& values = std::get<std::vector<double>>(axis.segments[s]);
    for (std::size_t i = 0; i < values.size(); ++i)
      text += (i ? ", " : "") + (axis.labels.empty() ? write_number(values[i]) : axis.labels[at++]);
    return text + "]";
  }

  const Plan& plan_;
  const std::vector<std::string>& words_;
  std::set<std::size_t> defined_;
  std::string out_;
};

std::string zips(const Plan& plan) {
  std::string text;
  for (const Dimension& dimension : plan.dimensions) {
    if (dimension.axes.size() < 2) continue;
    text += (text.empty() ? "zip: {" : ", ") + dimension.name + ": [";
    for (std::size_t i = 0; i < dimension.axes.size(); ++i) text += (i ? ", " : "") + plan.axes[dimension.axes[i]].name;
    text += "]";
  }
  return text.empty() ? text : text + "}\n";
}

}  // namespace

std::string write_canonical(const Node& root, const SchemaNode& schema, const Plan& plan,
                            const std::vector<std::string>& words, bool arrays_only) {
  std::string text = "haggle: 1\n";
  if (!arrays_only) text += "title: " + write_text(plan.title) + "\n";
  text += "game: " + std::string(plan.game->name) + "\n";
  CanonicalWriter writer(plan, words);
  writer.children(schema, &root, "");
  text += writer.take() + zips(plan);
  if (!plan.where.empty()) text += "where: " + write_text(plan.where) + "\n";
  text += "outputs: [";
  for (std::size_t i = 0; i < plan.outputs.size(); ++i)
    text.append(i ? ", " : "").append(plan.game->outputs[plan.outputs[i]].name);
  text += std::string("]\noutput: {dtype: ") + (plan.format.float32 ? "float32" : "float64") +
          ", compression: " + std::to_string(plan.format.compression);
  if (arrays_only) return text + "}\n";
  return text + ", checkpoint: " + std::string(checkpointing_words[static_cast<std::size_t>(plan.format.checkpoint)]) +
         "}\non_failure: " + (plan.abort_on_failure ? "abort" : "record") + "\n";
}

}  // namespace haggle::spec
