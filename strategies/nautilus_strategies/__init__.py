"""NautilusTrader's order model in Cython against its order model in Rust."""
