// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "haggle/core/status.hpp"
#include "haggle/model/table.hpp"
#include "haggle/sweep/axis.hpp"
#include "haggle/sweep/grid.hpp"

namespace haggle {

/// Where one parameter's number comes from.
struct Source {
  enum class Kind { constant, axis, derived } kind = Kind::constant;
  double constant = 0;
  std::size_t axis = 0;    ///< index into Plan::axes
  std::string expression;  ///< over axis names, for `derived`
};

/// Whether a run keeps a checkpoint that it can be resumed from. `automatic`: once it has lasted some seconds.
enum class Checkpointing { automatic, on, off };
/// The words of a spec's `checkpoint:`, in Checkpointing's order.
inline constexpr std::array<std::string_view, 3> checkpointing_words{"auto", "on", "off"};

struct OutputFormat {
  bool float32 = false;
  int compression = 0;  ///< deflate level, 0 (none) … 9
  Checkpointing checkpoint = Checkpointing::automatic;
};

/// A resolved spec: immutable, and small however many points it has.
struct Plan {
  std::shared_ptr<const GameTable> game;
  std::string title;
  std::vector<Axis> axes;
  std::vector<Dimension> dimensions;  ///< in the spec's order; empty: a single game
  std::vector<Source> parameters;     ///< one per row of game->parameters
  std::string where;                  ///< empty: every point
  std::vector<std::size_t> outputs;   ///< rows of game->outputs that are wanted, ascending, `status` always among them
  OutputFormat format;
  bool abort_on_failure = false;      ///< `on_failure: abort`; else failed games are recorded and the sweep goes on
  std::string specialist_name = "D";  ///< of several: their names, joined by commas
  Grid grid;

  std::string spec_name;  ///< file name as given
  std::string spec_text;  ///< as written
  std::string resolved;   ///< canonical YAML, every default filled in
  std::string hash;       ///< of what in `resolved` makes the arrays, hex: equal hashes mean the same arrays
};

/// Turns index columns into a block of parameters. Holds compiled expressions: one per thread, cheap to make.
class Evaluator {
 public:
  explicit Evaluator(const Plan& plan);
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;

  /// `indices[d][i]`: coordinate of point i along dimension d. Fills `parameters[p][i]` (one column per row of
  /// plan.game->parameters, resized to `points`) and `status[i]`: pending (solve it), excluded (`where` is false) or
  /// out_of_domain (a derived number is not finite or outside its domain, and its column then holds a harmless
  /// in-domain value; `where` is undefined, as `ln(c0) > 0` is at c0 = -1; or the numbers break a law of the game's,
  /// as those do with which an expression falls).
  void evaluate(const std::vector<std::vector<std::uint64_t>>& indices, std::size_t points,
                std::vector<std::vector<double>>& parameters, std::vector<Status>& status);

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace haggle
