// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "haggle/core/error.hpp"
#include "haggle/sweep/plan.hpp"

namespace haggle {

/// One thing wrong with a spec. Lines and columns count from 1; 0 means "the whole file" or a `--set`.
struct Diagnostic {
  std::string file;
  int line = 0, column = 0;
  std::string message;       ///< the reason and, where there is one, a suggestion
  std::string text() const;  ///< "sweeps/costs.yaml:14:9: elasticity = -0.2 must be > 0"
};

/// Everything wrong with a spec at once; what() is one line each.
class SpecError : public Error {
 public:
  explicit SpecError(std::vector<Diagnostic> diagnostics);
  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// One `--set path=value`: path as in the spec ("generalist.cost.coefficient", "specialists[0].revenue.elasticity" or
/// an axis' name), value a YAML scalar or flow node ("2", "{axis: c0, values: [1, 2]}").
struct Override {
  std::string path, value;
};

/// Reads, checks and resolves a spec. Throws SpecError (all problems at once) or IoError (file unreadable).
Plan read_spec_file(const std::string& path, const std::vector<Override>& overrides = {});
/// The same from text; `name` stands for the file in messages.
Plan read_spec(std::string_view text, const std::string& name, const std::vector<Override>& overrides = {});

}  // namespace haggle
