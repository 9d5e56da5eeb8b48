"""What a person sees, without a toolkit."""
