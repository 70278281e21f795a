"""Reads of kitchens, menus, diets, orders and waste."""
