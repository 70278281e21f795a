"""Dated, sourced numbers of the field and their typed loader. Without a source a number does not load."""
