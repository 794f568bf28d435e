"""What pytest imports: the plugin, its items, and tests in one line."""
