"""Words that every storey shares: errors, faults, time, identifiers, randomness.

Nothing here knows Django, a network, the clock or the environment.
"""
