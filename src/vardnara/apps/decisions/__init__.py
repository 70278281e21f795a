"""Decisions: cases with their figures, the chain that leads to a decision, consultation, documents, and what was
promised. Nothing is edited in place: every change of a case is a new version of it."""
