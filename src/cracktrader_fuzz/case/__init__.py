"""What is run: a case is data, and this layer knows how it is written down, read back and named."""
