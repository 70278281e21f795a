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
TEXTURE_NORMAL = "hel_delad"
DIET_NORMAL = "normal"
NUTRIENTS = {  # code: unit per 100 g; a table of another publisher is mapped to these
    "energy_kcal": "kcal",
    "energy_kj": "kJ",
    "fat_g": "g",
    "saturated_fat_g": "g",
    "monounsaturated_fat_g": "g",
    "polyunsaturated_fat_g": "g",
    "carbohydrate_g": "g",
    "sugars_g": "g",
    "added_sugar_g": "g",
    "fibre_g": "g",
    "wholegrain_g": "g",
    "protein_g": "g",
    "salt_g": "g",
    "water_g": "g",
    "alcohol_g": "g",
    "cholesterol_mg": "mg",
    "vitamin_a_ug": "µg",
    "vitamin_d_ug": "µg",
    "vitamin_e_mg": "mg",
    "vitamin_k_ug": "µg",
    "thiamin_mg": "mg",
    "riboflavin_mg": "mg",
    "niacin_mg": "mg",
    "vitamin_b6_mg": "mg",
    "folate_ug": "µg",
    "vitamin_b12_ug": "µg",
    "vitamin_c_mg": "mg",
    "phosphorus_mg": "mg",
    "iodine_ug": "µg",
    "iron_mg": "mg",
    "calcium_mg": "mg",
    "potassium_mg": "mg",
    "magnesium_mg": "mg",
    "sodium_mg": "mg",
    "selenium_ug": "µg",
    "zinc_mg": "mg",
    "waste_percent": "%",
}
