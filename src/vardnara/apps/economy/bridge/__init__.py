"""What readers of files say, in the words of the pages."""
