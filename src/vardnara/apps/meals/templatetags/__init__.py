"""Template tags of meals."""
