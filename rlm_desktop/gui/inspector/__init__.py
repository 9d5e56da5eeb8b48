"""What is known of the chosen call, iteration or fan."""
