"""The map: the recursion tree on one canvas, from single cards to a hundred thousand calls."""
