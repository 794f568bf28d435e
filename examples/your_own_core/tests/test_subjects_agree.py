"""The subjects agree on generated cases; a difference is shrunk and kept under `corpus/findings/`."""

from cracktrader_fuzz import gate_test

test_subjects_agree = gate_test(shards=4, cases=50, steps=100)
