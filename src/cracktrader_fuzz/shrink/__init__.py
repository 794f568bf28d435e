"""How a diverging case is made small, and how it is proved that it cannot be smaller."""
