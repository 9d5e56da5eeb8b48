"""What runs inside the sandbox process: standard library and one another, nothing else. `start.py` is the file that is started."""
