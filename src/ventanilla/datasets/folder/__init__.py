"""The folder of the server in which others leave their extracts: seen every few minutes, and never written to."""
