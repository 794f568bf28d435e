"""Who runs a case: the protocols, and the adapters for the two Cracktrader cores."""
