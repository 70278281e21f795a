"""Pure computations: frozen data in, frozen result out. No Django, no I/O, no clock."""
