"""The figures of docs/performance.md: `python -m benchmarks`, side by side in one run, as ratios."""
