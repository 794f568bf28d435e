"""How subjects are run side by side and how their first difference is found and named."""
