"""Reads of the hospital, each limited to what the actor may reach."""
