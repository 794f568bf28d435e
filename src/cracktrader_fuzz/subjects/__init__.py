"""How a subject is run: in a process of its own, or driven in another way that must not matter."""
