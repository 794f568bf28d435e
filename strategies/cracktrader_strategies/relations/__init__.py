"""What must not matter to a core: each relation is a subject that changes the steps and undoes that in the answers."""
