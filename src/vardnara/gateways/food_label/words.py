"""Words by which Swedish labels and kitchens name the allergens of the EU. They point out; they decide nothing.

A word counts wherever it stands in a written word, for Swedish compounds its words ("MellanMJÖLK", "GratängOST"),
unless that
word is one of those in ``NOT``: "nötfärs" is beef, "bovete" no wheat, "kokosmjölk" no milk. Not complete.
"""

from __future__ import annotations

NAMES = {  # code: what names it
    "1": ("gluten", "spannmål"),
    "1.1": ("vete", "durum", "mannagryn", "grahams", "seitan"),
    "1.2": ("råg",),
    "1.3": ("korngryn", "kornmjöl", "kornmalt", "kornkross", "kornflingor", "maltextrakt", "maltmjöl", "maltvinäger"),
    "1.4": ("havre",),
    "1.5": ("spelt", "dinkel"),
    "1.6": ("khorasan", "kamut"),
    "2": ("räk", "kräft", "krabb", "hummer", "krill", "langust", "skaldjur"),
    "3": ("ägg", "albumin"),
    "4": (
        "fisk", "lax", "torsk", "sej", "sill", "strömming", "makrill", "tonfisk", "ansjovis", "kolja", "spätta",
        "alaska pollock", "hoki", "kummel", "rödtunga", "gös", "abborre", "gädda", "sardin", "pangasius", "tilapia",
        "röding",
        "hälleflundra", "kaviar", "löjrom", "stenbit",
    ),
    "5": ("jordnöt",),
    "6": ("soja", "tofu", "tempeh", "edamame", "miso"),
    "7": (
        "mjölk", "grädd", "ost", "yoghurt", "smör", "crème fraiche", "creme fraiche", "crème fraîche", "vassle",
        "kasein",
        "kvarg", "laktos", "kesella", "keso", "filbunke", "mozzarella", "parmesan", "feta", "halloumi", "ricotta",
        "mascarpone",
        "cheddar", "ghee", "kefir",
    ),
    "8": ("nötter", "nötkräm", "nougat"),
    "8.1": ("mandel", "marsipan"),
    "8.2": ("hasselnöt",),
    "8.3": ("valnöt",),
    "8.4": ("cashew",),
    "8.5": ("pekan",),
    "8.6": ("paranöt",),
    "8.7": ("pistage", "pistasch"),
    "8.8": ("macadamia", "queenslandsnöt"),
    "9": ("selleri",),
    "10": ("senap",),
    "11": ("sesam", "tahini"),
    "12": ("sulfit", "svaveldioxid", "e220", "e221", "e222", "e223", "e224", "e226", "e227", "e228"),
    "13": ("lupin",),
    "14": ("mussl", "bläckfisk", "ostron", "snäck", "blötdjur", "pilgrimsmussl", "calamar"),
}  # fmt: skip
NOT = {  # a written word with this in it does not name that
    "1.1": ("bovete",),
    "2": ("räkna",),
    "3": ("läggfärs", "oxlägg", "fläsklägg", "lammlägg", "kalvlägg", "lägger", "inlägg", "tillägg", "skägg",
        "äggplant", "äggfrukt"),
    "4": ("bläckfisk", "relax"),
    "7": (
        "kokosmjölk", "mandelmjölk", "havremjölk", "sojamjölk", "rismjölk", "mjölksyra", "mjölksyrabakteri",
        "kokosgrädd",
        "sojagrädd", "havregrädd", "jordnötssmör", "kakaosmör", "nötsmör", "mandelsmör", "smörgås", "smördeg",
        "äppelsmör",
        "smörbön", "ostron", "kost", "frost", "rost", "post", "kompost", "laktosfri",
    ),
    "8": ("jordnötter", "muskotnöt", "kokosnöt"),
    "8.1": ("mandelpotatis", "halsmandel"),
    "14": ("ostronskiv",),
}  # fmt: skip
COMPOSITE = (  # goods made of other goods: without their own ingredients nobody can say what is in them
    "pytt", "korv", "bullar", "biff", "burger", "hamburgare", "järp", "pannkak", "plätt", "våffl", "buljong", "fond",
    "sås", "dressing", "majonnäs", "redning", "bröd", "panett", "panerad", "fiskett", "marinad", "glass", "nugget",
    "schnitzel", "falafel", "quorn", "pasta", "lasagn", "spagetti", "spaghetti", "makaron", "penne", "nudl",
    "couscous",
    "bulgur", "ketchup", "creme", "margarin", "pesto", "curry", "krydd", "mix", "färs (", "grönsaksfärs", "vegofärs",
    "paj", "pizza", "soppa", "gratäng", "pudding", "kaka", "kex", "müsli", "choklad", "pastej", "sylt", "kräm",
    "mousse",
    "aioli", "remoulad", "pickles", "bas)",
)  # fmt: skip
NOT_COMPOSITE = ("gratängost", "creme fraiche", "crème fraiche", "crème fraîche")
CLAIMS = {  # how kitchens' systems name an allergen in a list
    "gluten": "1", "spannmål": "1", "spannmål som innehåller gluten": "1", "glutenhaltig spannmål": "1",
    "cereals": "1",
    "vete": "1.1", "råg": "1.2", "korn": "1.3", "havre": "1.4", "spelt": "1.5", "dinkel": "1.5", "khorasan": "1.6",
    "kräftdjur": "2", "skaldjur": "2", "crustaceans": "2", "ägg": "3", "egg": "3", "eggs": "3", "fisk": "4",
    "fish": "4",
    "jordnöt": "5", "jordnötter": "5", "peanuts": "5", "soja": "6", "sojabönor": "6", "soybeans": "6", "soy": "6",
    "mjölk": "7", "mjölkprodukter": "7", "mjölkprotein": "7", "laktos": "7", "mjölk (inkl. laktos)": "7", "milk": "7",
    "nöt": "8", "nötter": "8", "nuts": "8", "mandel": "8.1", "hasselnöt": "8.2", "hasselnötter": "8.2",
    "valnöt": "8.3",
    "valnötter": "8.3", "cashewnöt": "8.4", "cashewnötter": "8.4", "cashew": "8.4", "pekannöt": "8.5",
    "pekannötter": "8.5",
    "paranöt": "8.6", "paranötter": "8.6", "pistaschnöt": "8.7", "pistasch": "8.7", "pistagenöt": "8.7",
    "pistage": "8.7",
    "macadamianöt": "8.8", "makadamianöt": "8.8", "macadamia": "8.8", "selleri": "9", "celery": "9", "senap": "10",
    "mustard": "10", "sesam": "11", "sesamfrö": "11", "sesamfrön": "11", "sesame": "11", "sulfit": "12",
    "sulfiter": "12",
    "svaveldioxid": "12", "svaveldioxid och sulfit": "12", "sulphites": "12", "lupin": "13", "lupiner": "13",
    "blötdjur": "14", "molluscs": "14",
}  # fmt: skip
