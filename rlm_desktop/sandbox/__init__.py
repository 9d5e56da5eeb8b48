"""A Python REPL in a process of its own, holding one call's context; it asks its host for model calls."""
