"""The sample files of ``examples/``: as ugly as real ones, about nobody, and the same bytes each time."""
