"""Cracktrader's own subjects: its cores, what surrounds them, their other builds, and those that are wrong on purpose."""
