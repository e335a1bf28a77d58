// SPDX-License-Identifier: MIT
#include "spec_yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "text.hpp"

namespace haggle::spec {
namespace {

constexpr std::size_t deepest = 32;
constexpr std::size_t longest_text = 16 << 20;

/// Stops the parser where nothing sensible could follow.
struct GiveUp {};

/// Builds the tree from yaml-cpp's events rather than from its nodes: the nodes expand aliases, keep repeated keys
/// silently, and forget tags.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(int override_index, Diagnostics& diagnostics)
      : override_index_(override_index), diagnostics_(diagnostics) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) give_up(mark, "a spec is one YAML document; a second one starts here");
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_anchor(mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_anchor(mark); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { finish(make(Node::Kind::null, mark)); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    Node node = make(Node::Kind::scalar, mark);
    node.quoted = tag == "!";
    if (!node.quoted) refuse_tag(mark, tag);
    node.text = value;
    if (has_control_characters(value)) give_up(mark, "a value has a control character in it");
    finish(std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, tag);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, tag);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  std::optional<Node> root;

 private:
  struct Frame {
    Node node;
    bool has_key = false, keep = true;
    std::string key;
    Place key_place;
    std::unordered_map<std::string, int> seen;  ///< key → its line
  };

  Place place(const YAML::Mark& mark) const {
    if (override_index_ >= 0) return {0, 0, override_index_};
    return {mark.line + 1, mark.column + 1, -1};
  }

  Node make(Node::Kind kind, const YAML::Mark& mark) const {
    Node node;
    node.kind = kind;
    node.place = place(mark);
    return node;
  }

  [[noreturn]] void give_up(const YAML::Mark& mark, std::string message) {
    diagnostics_.add(place(mark), std::move(message));
    throw GiveUp{};
  }

  void refuse_anchor(const YAML::Mark& mark) {
    give_up(mark, "YAML anchors and aliases are not used in a spec; let both places name the same axis instead");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?") return;
    give_up(mark, "YAML tags (" + quoted(tag) + ") are not used in a spec; write plain values");
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag) {
    refuse_tag(mark, tag);
    if (stack_.size() >= deepest) give_up(mark, "nested more than " + std::to_string(deepest) + " levels deep");
    Frame frame;
    frame.node = make(kind, mark);
    stack_.push_back(std::move(frame));
  }

  void close() {
    Node node = std::move(stack_.back().node);
    stack_.pop_back();
    finish(std::move(node));
  }

  void finish(Node node) {
    if (stack_.empty()) {
      root = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.kind == Node::Kind::list) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      take_key(frame, node);
    } else {
      if (node.kind == Node::Kind::null) node.place = frame.key_place;  // the parser's is that of the next token
      if (frame.keep) frame.node.entries.push_back({std::move(frame.key), frame.key_place, std::move(node)});
      frame.has_key = false;
    }
  }

  void take_key(Frame& frame, const Node& key) {
    frame.has_key = frame.keep = true;
    frame.key = key.text;
    frame.key_place = key.place;
    if (key.kind != Node::Kind::scalar) {
      diagnostics_.add(key.place, "a key must be a word");
      frame.keep = false;
    } else if (key.text == "<<") {
      diagnostics_.add(key.place, "YAML merge keys (`<<`) are not used in a spec; write the keys out");
      frame.keep = false;
    } else if (const auto [first, fresh] = frame.seen.try_emplace(key.text, key.place.line); !fresh) {
      diagnostics_.add(key.place, "the key " + quoted(key.text) + " is given twice" +
                                      (first->second ? "; the first is in line " + std::to_string(first->second) : ""));
      frame.keep = false;
    }
  }

  int override_index_;
  Diagnostics& diagnostics_;
  int documents_ = 0;
  std::vector<Frame> stack_;
};

bool indented_by_tab(std::string_view text, int line) {
  for (; line > 0; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  const std::size_t start = text.find_first_not_of(" \t");
  return text.substr(0, start).find('\t') != text.npos;
}

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, int override_index, Diagnostics& diagnostics) {
  const Place whole{0, 0, override_index};
  if (text.size() > longest_text) {
    diagnostics.add(whole, "the spec is longer than 16 MiB; use linspace, geomspace or concat for long axes");
    return std::nullopt;
  }
  if (const auto bad = find_unreadable(text)) {
    const auto line = static_cast<int>(std::count(text.begin(), text.begin() + *bad, '\n')) + 1;
    const std::size_t start = text.substr(0, *bad).rfind('\n');
    const auto column = static_cast<int>(*bad - (start == text.npos ? 0 : start + 1)) + 1;
    diagnostics.add(override_index < 0 ? Place{line, column, -1} : whole,
                    "not text in UTF-8: a control character or an invalid byte stands here");
    return std::nullopt;
  }

  std::istringstream stream{std::string(text)};
  TreeBuilder builder(override_index, diagnostics);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const GiveUp&) {
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    const bool nowhere = error.mark.is_null() || override_index >= 0;
    const bool tab = !nowhere && indented_by_tab(text, error.mark.line);
    diagnostics.add(nowhere ? whole : Place{error.mark.line + 1, error.mark.column + 1, -1},
                    tab ? "not valid YAML: the line is indented by a tab; use spaces" : "not valid YAML: " + error.msg);
    return std::nullopt;
  }
  if (!builder.root || builder.root->kind == Node::Kind::null) {
    diagnostics.add(whole, override_index < 0 ? "the spec is empty" : "no value is given");
    return std::nullopt;
  }
  return std::move(builder.root);
}

}  // namespace haggle::spec
