"""Vardnara runs a hospital's ward service and proves what it is worth."""
