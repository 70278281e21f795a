"""Pages of the economy."""
