// SPDX-License-Identifier: MIT
// The first-best surplus: what one owner of all would have, free to leave the project or any domain of it.
#pragma once
#include "haggle/solver/joint_surplus.hpp"
#include "haggle/solver/work_alone.hpp"

namespace haggle::fine_tuning {

template <class Real>
struct FirstBest {
  Real surplus;
  mask_t<Real> found;
};

/// Found where all domains are worth their specialists' fixed costs and outside options even if the generalist invests
/// nothing, for then no owner would leave one out. With one specialist the choice is all or nothing.
template <class Real>
FirstBest<Real> first_best(const Play<Rough<Real>>& quick, const Play<Real>& play) {
  JointSurplus<Rough<Real>> near(quick);
  near.run(1e-3, 20);
  JointSurplus<Real> joint(play);
  joint.begin(near);
  joint.run(1e-8, 8);
  const std::size_t n = play.specialists.size();
  const Real zero(0.0);
  Real apart = zero, dues = zero;
  mask_t<Real> found = joint.found;
  for (std::size_t i = 0; i < n; ++i) {
    const Specialist<Real>& s = play.specialists[i];
    const Real due = s.fixed + s.outside;
    apart = apart + s.outside;
    dues = dues + due;
    if (n == 1 || !any(due > zero)) continue;
    const WorkAlone<Real> alone(play, i, i + 1, s.cost, joint.investment(i));
    found = found & ((!(due > zero)) | (alone.found & (alone.value > Real(1.0 + 1e-9) * due)));
  }
  return {apart + max(play.outside, max(joint.value - dues, zero) - play.fixed), found};
}

}  // namespace haggle::fine_tuning
