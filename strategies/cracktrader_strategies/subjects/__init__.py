"""Cracktrader's own subjects: its cores, what surrounds them, other builds, and those that are wrong on purpose."""
