# How a translation unit built for one instruction set is compiled: a list of options each, empty elsewhere than on x86-64.
#
# Where a compiler contracts a*b+c into one rounding is up to its mood at each copy of the code, and then a game's last bits
# would depend on which copy its neighbours led it into: the kernels say fma themselves where they want it.
set(haggle_scalar_options -ffp-contract=off)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # Sanitizers blow these files up; their scalar twin, the same source, is instrumented in full.
  set(haggle_sse2_options -ffp-contract=off ${HAGGLE_SIMD_KERNEL_OPTIONS})
  set(haggle_avx2_options ${haggle_sse2_options} -mavx2 -mfma)
  # GCC 12 warns of its own AVX-512 headers.
  set(haggle_avx512_options ${haggle_avx2_options} -mavx512f -mavx512cd -mavx512dq -mavx512bw -mavx512vl -Wno-uninitialized
      $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
