"""How cases are found: front ends that feed one decoder, or bring cases of their own."""
