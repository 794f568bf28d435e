"""Strategies, targets and recorded traffic for fuzzing the Cracktrader engine cores."""
