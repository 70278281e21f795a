"""Value lists of kitchens, menus, diets, orders and waste."""

from django.db import models
from django.utils.translation import pgettext_lazy


class MealKind(models.TextChoices):
    """The six eating occasions of a day (F-34), and a breakfast before breakfast where the night would be too long."""

    EARLY_BREAKFAST = "early_breakfast", pgettext_lazy("meal", "Early breakfast")
    BREAKFAST = "breakfast", pgettext_lazy("meal", "Breakfast")
    MORNING_SNACK = "morning_snack", pgettext_lazy("meal", "Morning snack")
    LUNCH = "lunch", pgettext_lazy("meal", "Lunch")
    AFTERNOON_SNACK = "afternoon_snack", pgettext_lazy("meal", "Afternoon snack")
    DINNER = "dinner", pgettext_lazy("meal", "Dinner")
    EVENING_SNACK = "evening_snack", pgettext_lazy("meal", "Evening snack")


class ServiceForm(models.TextChoices):
    """How a kitchen's food reaches a ward."""

    TRAY = "tray", pgettext_lazy("meal service", "Tray")
    BULK = "bulk", pgettext_lazy("meal service", "Bulk, served on the ward")
    CHILLED = "chilled", pgettext_lazy("meal service", "Chilled single portions")


class Texture(models.TextChoices):
    """The Swedish textures from firm to liquid (F-20)."""

    HEL_DELAD = "hel_delad", pgettext_lazy("texture", "Whole or cut up")
    GROV_PATE = "grov_pate", pgettext_lazy("texture", "Coarse pâté")
    TIMBAL = "timbal", pgettext_lazy("texture", "Timbale")
    GELE = "gele", pgettext_lazy("texture", "Jelly")
    FLYTANDE = "flytande", pgettext_lazy("texture", "Liquid")
    TJOCKFLYTANDE = "tjockflytande", pgettext_lazy("texture", "Thick liquid")


class Unit(models.TextChoices):
    """What an amount in a recipe is measured in."""

    GRAM = "g", pgettext_lazy("unit", "g")
    MILLILITRE = "ml", pgettext_lazy("unit", "ml")
    PIECE = "piece", pgettext_lazy("unit", "pieces")


class Portion(models.TextChoices):
    """Sizes of a portion."""

    SMALL = "small", pgettext_lazy("portion", "Small")
    NORMAL = "normal", pgettext_lazy("portion", "Normal")
    LARGE = "large", pgettext_lazy("portion", "Large")


class HouseDishKind(models.TextChoices):
    """Why a dish can be had beside the menu: where nothing else fits (mech-15), always, or as a supplement."""

    FALLBACK = "fallback", pgettext_lazy("house dish", "Fallback")
    ALWAYS = "always", pgettext_lazy("house dish", "Always on offer")
    SUPPLEMENT = "supplement", pgettext_lazy("house dish", "Supplement")


class ImportKind(models.TextChoices):
    """What a file of the kitchen holds."""

    FOODS = "foods", pgettext_lazy("food import", "Food composition table")
    INGREDIENTS = "ingredients", pgettext_lazy("food import", "Ingredients")
    RECIPES = "recipes", pgettext_lazy("food import", "Recipes")
    MENUS = "menus", pgettext_lazy("food import", "Menus")


class DietPart(models.TextChoices):
    """The parts that a patient's diet is made of: each stands by itself (F-16)."""

    BASE = "base_diet", pgettext_lazy("diet", "Base diet")
    SPECIAL = "special_diet", pgettext_lazy("diet", "Special diet")
    TEXTURE = "texture", pgettext_lazy("diet", "Texture")
    IDDSI = "iddsi", pgettext_lazy("diet", "IDDSI level of food")
    FLUID = "fluid", pgettext_lazy("diet", "Fluid level")
    ALLERGEN = "allergen", pgettext_lazy("diet", "Allergy")
    EXCLUSION = "exclusion", pgettext_lazy("diet", "Does not eat")
    PORTION = "portion", pgettext_lazy("diet", "Portion")
    FASTING = "fasting", pgettext_lazy("diet", "Fasting")
    SUPPLEMENT = "supplement", pgettext_lazy("diet", "Supplement")
    AID = "aid", pgettext_lazy("diet", "Aid or help at meals")


class DietSource(models.TextChoices):
    """Where a part of the diet came from; all are united (CONTRACT 2.1)."""

    ORDER = "order", pgettext_lazy("diet source", "Diet order from the record system")
    FHIR = "fhir", pgettext_lazy("diet source", "FHIR, from the record system")
    ADMISSION = "adt", pgettext_lazy("diet source", "Diet field of the admission")
    ALLERGY_LIST = "al1", pgettext_lazy("diet source", "Allergy list from the record system")
    LOCAL = "local", pgettext_lazy("diet source", "Written here")
    PATIENT = "patient", pgettext_lazy("diet source", "Said by the patient")


class WordUse(models.TextChoices):
    """What a word of another system is about: each has its own table of meanings."""

    ALLERGY = "allergy", pgettext_lazy("diet word", "Allergy")
    DIET = "diet", pgettext_lazy("diet word", "Diet")
    SUPPLEMENT = "supplement", pgettext_lazy("diet word", "Supplement")
    PREFERENCE = "preference", pgettext_lazy("diet word", "Preference")


class SentKind(models.TextChoices):
    LIST = "list", pgettext_lazy("sent diet", "Allergy list")
    ITEM = "item", pgettext_lazy("sent diet", "Allergy")
    FIELD = "field", pgettext_lazy("sent diet", "Diet field")
    ORDER = "order", pgettext_lazy("sent diet", "Diet order")


class SentState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("sent diet", "Holds")
    HELD = "held", pgettext_lazy("sent diet", "Held")
    ENDED = "ended", pgettext_lazy("sent diet", "Ended")


class OrderState(models.TextChoices):
    """What has become of a meal order. Cancelled, stopped and served are final (edge-18)."""

    OPEN = "open", pgettext_lazy("meal order", "Ordered")
    HELD = "held", pgettext_lazy("meal order", "Held")
    SUBSTITUTE = "substitute", pgettext_lazy("meal order", "Substitute needed")
    TICKETED = "ticketed", pgettext_lazy("meal order", "Ticket printed")
    SENT = "sent", pgettext_lazy("meal order", "On its way")
    SERVED = "served", pgettext_lazy("meal order", "Served")
    STOPPED = "stopped", pgettext_lazy("meal order", "Stopped")
    CANCELLED = "cancelled", pgettext_lazy("meal order", "Cancelled")


class OrderOrigin(models.TextChoices):
    PATIENT = "patient", pgettext_lazy("order origin", "The patient")
    STAFF = "staff", pgettext_lazy("order origin", "Ward staff")
    STANDING = "standing", pgettext_lazy("order origin", "Standing order")
    DEFAULT = "default", pgettext_lazy("order origin", "The kitchen's default")
    FALLBACK = "fallback", pgettext_lazy("order origin", "The kitchen's fallback")


class OrderEventKind(models.TextChoices):
    PLACED = "placed", pgettext_lazy("order event", "ordered")
    CHANGED = "changed", pgettext_lazy("order event", "changed")
    MOVED = "moved", pgettext_lazy("order event", "moved with the bed")
    HELD = "held", pgettext_lazy("order event", "held")
    RELEASED = "released", pgettext_lazy("order event", "released again")
    REPLACED = "replaced", pgettext_lazy("order event", "another dish instead")
    SUBSTITUTE = "substitute", pgettext_lazy("order event", "substitute needed")
    TICKETED = "ticketed", pgettext_lazy("order event", "ticket printed")
    REPRINTED = "reprinted", pgettext_lazy("order event", "ticket printed again")
    PACKED = "packed", pgettext_lazy("order event", "packed")
    CHECKED = "checked", pgettext_lazy("order event", "checked")
    REFUSED = "refused", pgettext_lazy("order event", "stopped at scanning")
    ARRIVED = "arrived", pgettext_lazy("order event", "came to the ward")
    EATEN = "eaten", pgettext_lazy("order event", "eating noted")
    RETURNED = "returned", pgettext_lazy("order event", "came back")
    SENT = "sent", pgettext_lazy("order event", "sent")
    SERVED = "served", pgettext_lazy("order event", "served")
    STOPPED = "stopped", pgettext_lazy("order event", "stopped")
    CANCELLED = "cancelled", pgettext_lazy("order event", "cancelled")


class ScanStep(models.TextChoices):
    """What is done with a tray, in its order."""

    PACK = "pack", pgettext_lazy("scan step", "Pack")
    CHECK = "check", pgettext_lazy("scan step", "Check")
    SEND = "send", pgettext_lazy("scan step", "Send")
    ARRIVED = "arrived", pgettext_lazy("scan step", "Receive")
    HAND_OVER = "hand_over", pgettext_lazy("scan step", "Hand over")
    RETURNED = "returned", pgettext_lazy("scan step", "Take back")


class ThrowReason(models.TextChoices):
    """Why a pack of a ward's fridge was thrown away. One that was put in by mistake is no waste."""

    EXPIRED = "expired", pgettext_lazy("fridge", "Past its date")
    DAMAGED = "damaged", pgettext_lazy("fridge", "Damaged")
    OTHER = "other", pgettext_lazy("fridge", "Something else")
    MISTAKE = "mistake", pgettext_lazy("fridge", "Put in by mistake")


class TemperatureKind(models.TextChoices):
    """What is measured at a point."""

    FRIDGE = "fridge", pgettext_lazy("temperature", "Fridge")
    FREEZER = "freezer", pgettext_lazy("temperature", "Freezer")
    HOT_HOLDING = "hot_holding", pgettext_lazy("temperature", "Hot holding")
    CORE = "core", pgettext_lazy("temperature", "Core after cooking")
    COOLING = "cooling", pgettext_lazy("temperature", "Cooling")
    RECEIVED_CHILLED = "received_chilled", pgettext_lazy("temperature", "Received, chilled")
    RECEIVED_FROZEN = "received_frozen", pgettext_lazy("temperature", "Received, frozen")
    RECEIVED_HOT = "received_hot", pgettext_lazy("temperature", "Received, hot")


class TemperatureAction(models.TextChoices):
    """What was done when a temperature was outside its limits."""

    ADJUSTED = "adjusted", pgettext_lazy("temperature action", "Adjusted, and measured again")
    MOVED = "moved", pgettext_lazy("temperature action", "Moved the food")
    REHEATED = "reheated", pgettext_lazy("temperature action", "Reheated")
    DISCARDED = "discarded", pgettext_lazy("temperature action", "Threw the food away")
    SENT_BACK = "sent_back", pgettext_lazy("temperature action", "Sent the goods back")
    REPAIR = "repair", pgettext_lazy("temperature action", "Reported for repair")
    MISTAKE = "mistake", pgettext_lazy("temperature action", "Wrongly measured or typed")
    OTHER = "other", pgettext_lazy("temperature action", "Something else")


class CourseResult(models.TextChoices):
    """What hot holding or cooling over time means for the food (F-42, F-43)."""

    SAFE = "safe", pgettext_lazy("temperature course", "Serve")
    QUALITY = "quality", pgettext_lazy("temperature course", "Safe, but held too long to be good")
    REHEAT = "reheat", pgettext_lazy("temperature course", "Reheat and serve at once")
    DISCARD = "discard", pgettext_lazy("temperature course", "Throw away")


class WasteCause(models.TextChoices):
    """Why food was not eaten: the one list (CONTRACT 2.5)."""

    DISCHARGED = "discharged", pgettext_lazy("waste cause", "Discharged")
    MOVED = "moved", pgettext_lazy("waste cause", "Moved")
    FASTING = "fasting", pgettext_lazy("waste cause", "Fasting")
    WRONG_DIET = "wrong_diet", pgettext_lazy("waste cause", "Wrong or stale diet")
    LATE = "late", pgettext_lazy("waste cause", "Late order or cancel")
    WRONG_PORTION = "wrong_portion", pgettext_lazy("waste cause", "Wrong portion")
    DISLIKED = "disliked", pgettext_lazy("waste cause", "Disliked")
    UNWELL = "unwell", pgettext_lazy("waste cause", "Unwell")
    AWAY = "away", pgettext_lazy("waste cause", "Away")
    KITCHEN = "kitchen", pgettext_lazy("waste cause", "Kitchen")
    OTHER = "other", pgettext_lazy("waste cause", "Other")


class WasteExtent(models.TextChoices):
    NONE = "none", pgettext_lazy("waste", "Nothing")
    PART = "part", pgettext_lazy("waste", "Part")
    WHOLE = "whole", pgettext_lazy("waste", "Whole")


class WasteSide(models.TextChoices):
    """Where the food was when it became waste."""

    KITCHEN = "kitchen", pgettext_lazy("waste side", "In the kitchen")
    WARD = "ward", pgettext_lazy("waste side", "On the ward")


class WasteSure(models.TextChoices):
    """Where a cause comes from."""

    JOINED = "joined", pgettext_lazy("waste", "By the records")
    SAID = "said", pgettext_lazy("waste", "Somebody said so")
    UNKNOWN = "unknown", pgettext_lazy("waste", "Nobody knows")


class WasteCategory(models.TextChoices):
    """The national categories (F-50): the first three by portion, the others by eater."""

    STORAGE = "storage", pgettext_lazy("waste category", "Storage waste")
    PREPARATION = "preparation", pgettext_lazy("waste category", "Preparation waste")
    COOKING = "cooking", pgettext_lazy("waste category", "Cooking waste")
    SERVING = "serving", pgettext_lazy("waste category", "Serving waste")
    PLATE = "plate", pgettext_lazy("waste category", "Plate waste")
    MEAL = "meal", pgettext_lazy("waste category", "Serving and plate waste together")
    CONSUMPTION = "consumption", pgettext_lazy("waste category", "Eaten")


BY_EATER = (WasteCategory.SERVING, WasteCategory.PLATE, WasteCategory.MEAL, WasteCategory.CONSUMPTION)


class BaseDiet(models.TextChoices):
    """Base diets (F-10). SNR-, A- and E-kost are local names for the first two (F-11)."""

    NORMAL = "normal", pgettext_lazy("base diet", "Normal diet")
    ENERGY_PROTEIN = "energy_protein", pgettext_lazy("base diet", "Energy- and protein-rich diet")


class SpecialDiet(models.TextChoices):
    """Special diets, which need a diagnosis (F-10)."""

    GLUTEN_FREE = "gluten_free", pgettext_lazy("special diet", "Gluten-free")
    LACTOSE_REDUCED = "lactose_reduced", pgettext_lazy("special diet", "Lactose-reduced")
    PROTEIN_REDUCED = "protein_reduced", pgettext_lazy("special diet", "Protein-reduced")
    DIALYSIS = "dialysis", pgettext_lazy("special diet", "Dialysis diet")
    FAT_REDUCED = "fat_reduced", pgettext_lazy("special diet", "Fat-reduced")


class Exclusion(models.TextChoices):
    """What somebody does not eat, for whatever reason: flags of dishes."""

    PORK = "pork", pgettext_lazy("exclusion", "Pork")
    BEEF = "beef", pgettext_lazy("exclusion", "Beef")
    POULTRY = "poultry", pgettext_lazy("exclusion", "Poultry")
    MEAT = "meat", pgettext_lazy("exclusion", "Meat")
    FISH = "fish", pgettext_lazy("exclusion", "Fish and shellfish")
    BLOOD = "blood", pgettext_lazy("exclusion", "Blood")
    GELATINE = "gelatine", pgettext_lazy("exclusion", "Gelatine")
    ALCOHOL = "alcohol", pgettext_lazy("exclusion", "Alcohol")
    ANIMAL = "animal", pgettext_lazy("exclusion", "Anything from animals")


class FastingRule(models.TextChoices):
    NOTHING = "nothing", pgettext_lazy("fasting rule", "Nothing to eat or drink")
    CLEAR_FLUIDS = "clear_fluids", pgettext_lazy("fasting rule", "Clear fluids only")


class Aid(models.TextChoices):
    HELP = "help", pgettext_lazy("meal aid", "Help with eating")
    CUT_UP = "cut_up", pgettext_lazy("meal aid", "Food cut up")
    OPEN_PACKS = "open_packs", pgettext_lazy("meal aid", "Packs opened")
    GRIP_CUTLERY = "grip_cutlery", pgettext_lazy("meal aid", "Cutlery with a grip")
    SPOUTED_CUP = "spouted_cup", pgettext_lazy("meal aid", "Spouted cup")
    PLATE_RIM = "plate_rim", pgettext_lazy("meal aid", "Plate with a rim")
    SUPERVISED = "supervised", pgettext_lazy("meal aid", "Somebody stays at the meal")


class Supplement(models.TextChoices):
    DRINK = "drink", pgettext_lazy("supplement", "Nutritional drink")
    EXTRA_SNACK = "extra_snack", pgettext_lazy("supplement", "Extra snack")
    EARLY_BREAKFAST = "early_breakfast", pgettext_lazy("supplement", "Early breakfast")


PART_CODES: dict[str, frozenset[str]] = {  # what each part can say; allergens are those of ``engines.diet``
    DietPart.BASE: frozenset(BaseDiet.values),
    DietPart.SPECIAL: frozenset(SpecialDiet.values),
    DietPart.TEXTURE: frozenset(Texture.values),
    DietPart.IDDSI: frozenset("34567"),
    DietPart.FLUID: frozenset("01234"),
    DietPart.EXCLUSION: frozenset(Exclusion.values),
    DietPart.PORTION: frozenset(Portion.values),
    DietPart.FASTING: frozenset(FastingRule.values),
    DietPart.SUPPLEMENT: frozenset(Supplement.values),
    DietPart.AID: frozenset(Aid.values),
}
SINGLE_PARTS = (DietPart.BASE, DietPart.TEXTURE, DietPart.IDDSI, DietPart.FLUID, DietPart.PORTION)
PATIENT_PARTS = (DietPart.ALLERGEN, DietPart.EXCLUSION)
