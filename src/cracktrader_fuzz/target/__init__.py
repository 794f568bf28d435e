"""What a user writes against: the protocols, the target, the grammar of its steps, and how both are made from a table."""
