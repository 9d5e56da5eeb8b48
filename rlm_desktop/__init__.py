"""RLM Desktop: run Recursive Language Models over documents of any length, and see what they did."""

__version__ = "0.1.0"
