"""The models page: which models there are, how they are reached, and where their keys come from."""
