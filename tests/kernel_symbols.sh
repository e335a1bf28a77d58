#!/bin/sh
# SPDX-License-Identifier: MIT
# The linker keeps one copy of an inline function that several files emit. Were one emitted by a file built for AVX-512, an
# older processor could be given that copy. So a kernel's object may define no shared function without its own set's name.
# usage: kernel_symbols.sh OBJECT…   (all objects of the library, of an optimised build)
set -eu
checked=0
for object in "$@"; do
  case $object in
    *_sse2.cpp.o) own='sse2' ;;
    *_avx2.cpp.o) own='avx2' ;;
    *_avx512.cpp.o) own='avx512' ;;
    *) continue ;;
  esac
  checked=$((checked + 1))
  foreign=$(nm -C --defined-only "$object" | awk '$2 == "W"' | grep -v "$own" || true)
  if [ -n "$foreign" ]; then
    echo "$object shares functions with files built for other processors:"
    echo "$foreign"
    exit 1
  fi
done
if [ "$checked" -eq 0 ]; then
  echo "no kernel objects were given"
  exit 1
fi
echo "$checked kernel objects share no function"
