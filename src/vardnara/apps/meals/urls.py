"""Addresses of meals: wards and diets; kitchens, food, recipes, dishes, menus and files; the patient's own pages."""

from django.urls import path

from vardnara.apps.meals.views import (
    diets,
    dishes,
    food_imports,
    foods,
    kitchens,
    mapping,
    menus,
    patient,
    patient_cards,
    recipes,
    ward,
)

app_name = "meals"
urlpatterns = [
    path("maltider/", ward.wards, name="wards"),
    path("maltider/avdelning/<int:ward_id>/", ward.ward, name="ward"),
    path("maltider/avdelning/<int:ward_id>/som-vanligt/", ward.ward_usual, name="ward_usual"),
    path("maltider/avdelning/<int:ward_id>/sett/<int:notice_id>/", ward.notice_seen, name="notice_seen"),
    path("maltider/avdelning/<int:ward_id>/<int:stay_id>/", ward.ward_order, name="ward_order"),
    path("maltider/avdelning/<int:ward_id>/<int:stay_id>/<slug:deed>/", ward.ward_access, name="ward_access"),
    path("maltider/kost/<int:stay_id>/", diets.diet, name="diet"),
    path("maltider/kost/<int:stay_id>/avsluta/", diets.diet_end, name="diet_end"),
    path("maltider/kok/", kitchens.kitchens, name="kitchens"),
    path("maltider/kok/<int:kitchen_id>/", kitchens.kitchen, name="kitchen"),
    path("maltider/livsmedel/", foods.foods, name="foods"),
    path("maltider/livsmedel/<int:ingredient_id>/", foods.ingredient, name="ingredient"),
    path("maltider/recept/", recipes.recipes, name="recipes"),
    path("maltider/recept/<int:recipe_id>/", recipes.recipe, name="recipe"),
    path("maltider/ratter/", dishes.dishes, name="dishes"),
    path("maltider/ratter/<int:dish_id>/", dishes.dish, name="dish"),
    path("maltider/matsedel/", menus.menus, name="menus"),
    path("maltider/matsedel/<int:menu_id>/vecka/<int:week>/", menus.menu, name="menu"),
    path("maltider/inlasning/", food_imports.imports, name="imports"),
    path("maltider/inlasning/<int:sent_id>/", food_imports.import_map, name="import_map"),
    path("maltider/inlasning/fil/<int:import_id>/", food_imports.import_done, name="import_done"),
    path("maltider/koder/", mapping.codes, name="codes"),
    path("maltider/koder/<int:word_id>/", mapping.code, name="code"),
    path("maltider/avdelning/<int:ward_id>/kort/", patient_cards.cards, name="patient_cards"),
    path("m/bild/<int:dish_id>/<slug:digest>/", patient.photo, name="patient_photo"),
    path("m/<str:token>/", patient.start, name="patient"),
    path("m/<str:token>/utseende/", patient.look, name="patient_look"),
    path("m/<str:token>/hjalp/", patient.help_me, name="patient_help"),
    path("m/<str:token>/ater-inte/", patient.avoid, name="patient_avoid"),
    path("m/<str:token>/<str:on>/<slug:meal>/", patient.meal, name="patient_meal"),
    path("m/<str:token>/<str:on>/<slug:meal>/varfor/", patient.why, name="patient_why"),
]
