"""Pages of the hospital: live changes, inbox, places."""
