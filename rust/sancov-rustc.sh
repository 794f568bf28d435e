#!/bin/sh
# RUSTC_WORKSPACE_WRAPPER of the coverage build: cargo calls it with the compiler and its arguments. The engine is
# compiled with SanitizerCoverage, everything else as it is.
#
# Flags of LLVM are no stable interface: `make test` proves that they still do what they should. The last ones keep
# LLVM from making one branch of several, which would leave nothing to see between them.
rustc=$1
shift
name=
before=
for argument in "$@"; do
    [ "$before" = --crate-name ] && name=$argument
    before=$argument
done
[ "$name" = cracktrader_engine ] || exec "$rustc" "$@"
exec "$rustc" "$@" \
    -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-max-loads-per-memcmp=0 \
    -Cllvm-args=-phi-node-folding-threshold=0 \
    -Cllvm-args=-two-entry-phi-node-folding-threshold=0 \
    -Cllvm-args=-speculate-one-expensive-inst=0 \
    -Cllvm-args=-simplifycfg-merge-cond-stores=0 \
    -Cllvm-args=-bonus-inst-threshold=0 \
    -Clink-arg=-Wl,--wrap=bcmp \
    -Clink-arg=-Wl,--wrap=memcmp
