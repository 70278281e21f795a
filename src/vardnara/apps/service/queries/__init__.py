"""Reads of the work, each limited to what the actor may reach."""
