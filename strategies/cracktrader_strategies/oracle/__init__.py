"""NautilusTrader's order model as a third opinion on Cracktrader's cores: where its rules are ours, and only there."""
