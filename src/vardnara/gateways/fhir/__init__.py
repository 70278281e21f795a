"""FHIR R4, read: nutrition orders and allergies, as the same readings that HL7 v2 gives."""
