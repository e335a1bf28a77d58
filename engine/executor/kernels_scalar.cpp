// SPDX-License-Identifier: MIT
#include "kernels.hpp"

haggle::KernelList haggle::kernels_scalar() { return list_of<double>(); }
