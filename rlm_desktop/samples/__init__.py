"""Samples to try the program on: documents, a question, and its true answer beside them. The same seed makes the same text."""
