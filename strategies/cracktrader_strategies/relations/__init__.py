"""What must not matter to a core: each a subject that asks in another way and undoes that in what it tells."""
