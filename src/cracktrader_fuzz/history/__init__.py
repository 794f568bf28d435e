"""What another commit says of a case."""
