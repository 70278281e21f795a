"""People who log in, their roles, what they may reach, and the log of who looked at a patient."""
