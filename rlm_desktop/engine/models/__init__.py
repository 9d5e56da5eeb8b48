"""The language models an engine can ask."""
