"""What people do with meals: one function for each intention."""
