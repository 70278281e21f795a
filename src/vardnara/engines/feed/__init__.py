"""A plausible, seeded feed of a hospital's admissions, moves, leaves and discharges."""
