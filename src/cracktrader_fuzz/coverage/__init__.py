"""The coverage-guided search: the code that a case runs, in both languages, decides whether it is changed further."""
