"""What files and labels say, read without a judgement of its own."""
