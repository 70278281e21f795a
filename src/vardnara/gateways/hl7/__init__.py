"""HL7 v2: reading and writing messages, and the acknowledgements that answer them."""
