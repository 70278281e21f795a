"""Money: frames, budget, ledger and forecast per unit, account and month; what is invoiced and what is compared."""
