"""``python -m tools.examples FOLDER`` writes the sample files again."""

import sys
from pathlib import Path

from tools.examples.registers import write_all

if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
