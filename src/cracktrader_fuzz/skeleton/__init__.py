"""What `python -m cracktrader_fuzz init` writes into a user's repository."""
