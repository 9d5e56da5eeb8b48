"""The ways to an answer, a file each: the Python that the built-in model writes into its REPL, block by block, for people to read too."""
