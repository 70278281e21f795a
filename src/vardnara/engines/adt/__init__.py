"""What an event does to stays and beds: a fold of one visit's events into where the patient lay and when."""
