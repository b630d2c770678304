"""How much of anything a file may have: what is more would hurt whoever shares the machine."""

LARGEST_FILE = 2 * 1024**3
"""Bytes of a file, of what a zip holds, and of all the parts of a workbook."""

LONGEST_LINE = 1024**2
"""Characters of a line, give or take as many."""

MOST_COLUMNS = 1_000

LARGEST_DIRECTORY = 8 * 1024**2
"""Bytes of the list of parts of a zip: some fifty thousand."""

COMMON_RATIO = 250
"""How many times its size what is compressed may have, when it is also more than ``SMALL``; of tables ten or fifty."""

SMALL = 64 * 1024**2

WORKBOOK_MEMORY = 2 * 1024**3
"""Bytes of address space of the process that reads a workbook; a million rows of twenty short cells fit in it."""

WORKBOOK_SECONDS = 300
"""How long that process may take."""
