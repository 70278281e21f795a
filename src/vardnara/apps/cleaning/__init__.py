"""Cleans: turns a departure, a contagion flag or a daily sweep into tasks, and a finished clean into a clean bed."""
