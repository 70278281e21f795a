"""Writes of the hospital: one function per intention."""
