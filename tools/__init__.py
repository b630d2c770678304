"""What one does with the checkout besides running it."""
