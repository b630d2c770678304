"""The way of a load in the browser: received in pieces, looked at, tried, accepted, applied, undone."""
