"""What happened in a run: immutable events, their file, the columns folded from them."""
