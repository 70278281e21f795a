"""Codes that the database holds a dish to, and sizes of what is written in forms."""

# Annex II of EU 1169/2011, with each cereal and each nut by itself (F-01, F-02)
ALLERGEN_CODES = (
    "1",
    *(f"1.{n}" for n in range(1, 7)),
    *(str(n) for n in range(2, 9)),
    *(f"8.{n}" for n in range(1, 9)),
    *(str(n) for n in range(9, 15)),
)
TEXTURE_CODES = ("hel_delad", "grov_pate", "timbal", "gele", "flytande", "tjockflytande")
IDDSI_LEVELS = tuple(range(8))
CYCLE_WEEKS_MOST = 26
NAME_LENGTH = 120
LABEL_LENGTH = 4000
