"""What another commit answers to a case."""
