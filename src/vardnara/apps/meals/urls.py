"""Addresses of meals: kitchens, food, recipes, dishes, menus and files."""

from django.urls import path

from vardnara.apps.meals.views import dishes, food_imports, foods, kitchens, menus, recipes

app_name = "meals"
urlpatterns = [
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
]
