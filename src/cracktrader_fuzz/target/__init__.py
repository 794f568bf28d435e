"""What a user writes against: the protocols, the target, the grammar of its steps; and both out of a table."""
