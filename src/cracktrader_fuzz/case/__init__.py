"""What is run: a case is data; this room writes it down, reads it back and names it."""
