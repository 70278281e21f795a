"""What the columns of a kitchen's file are."""
