"""Servers that models run behind: their addresses, and those that are known by name."""
