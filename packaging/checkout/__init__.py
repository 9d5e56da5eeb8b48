"""What `dev.py` does: ready a checkout on whatever machine it is, then run or check the program. Standard library only."""
