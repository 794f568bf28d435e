"""Where cases are kept: findings as they are found, fixtures once a person has judged them."""
