// SPDX-License-Identifier: MIT
// What an expression's shape looks like from samples: families say it, expressions don't.
#pragma once
#include "haggle/model/families.hpp"

namespace haggle::fine_tuning {

struct SampledShape {
  bool known = false;       ///< of the shapes that families may have (model/function.hpp)
  double convex_until = 0;  ///< of a revenue
};

/// Looks at some hundred arguments between 1e-26 and 1e26, as far as the function still rises there and is finite.
SampledShape revenue_shape(const Function<double>& revenue);
SampledShape cost_shape(const Function<double>& cost);

}  // namespace haggle::fine_tuning
