"""The outside world without Django: MLLP, HL7 v2, tables as CSV or xlsx."""
