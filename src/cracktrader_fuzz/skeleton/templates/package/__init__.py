"""Two implementations of one thing, and the target that holds them to the same behaviour."""
