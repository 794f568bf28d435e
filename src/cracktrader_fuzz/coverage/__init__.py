"""The coverage-guided search: what both languages run decides which cases are worth changing further."""
