// SPDX-License-Identifier: MIT
// A small dense quadratic programme: min ½ z'Gz + g'z subject to a_k'z >= b_k, G positive definite. The dual active-set
// method of Goldfarb and Idnani 1983, Mathematical Programming 27: it starts from the free minimum, so needs no feasible
// point, and adds the most violated constraint at a time. Sizes are a few dozen, so systems are solved afresh.
#pragma once
#include <cstddef>
#include <vector>

namespace haggle {

struct QuadraticProgramme {
  explicit QuadraticProgramme(std::size_t variables)
      : n(variables), hessian(variables * variables, 0.0), gradient(variables, 0.0) {}

  std::size_t n;
  std::vector<double> hessian, gradient;  ///< G by rows, g
  struct Constraint {
    std::vector<double> normal;
    double bound;
  };
  std::vector<Constraint> constraints{};

  struct Solution {
    std::vector<double> z;            ///< as far as it got where not solved
    std::vector<double> multipliers;  ///< of the constraints, >= 0
    bool solved = false;              ///< false: no point satisfies all constraints, or rounding got the better of it
  };
  Solution solve() const;
};

/// Lower triangle of a Cholesky factor in place (by rows); false where the matrix is not positive definite.
bool cholesky(std::vector<double>& matrix, std::size_t n);

}  // namespace haggle
