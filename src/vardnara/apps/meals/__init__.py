"""Patient meals: kitchens, dishes, menus, diets, orders, serving and waste."""
