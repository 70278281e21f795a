"""MLLP: HL7 v2 messages framed on a TCP stream (H-01). Framing, a server and a client."""
