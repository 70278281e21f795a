"""Between rows and engines."""
