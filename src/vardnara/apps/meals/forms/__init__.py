"""What people write about meals."""
