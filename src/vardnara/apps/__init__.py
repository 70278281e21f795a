"""Django apps, from the ground up: accounts, hospital, service, cleaning."""
