"""Cases written as tests of their own, which need nothing of the harness: one module a kind of test."""
