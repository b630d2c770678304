"""From a path to the tables that it holds, each as text in UTF-8: the file itself when it is that already."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ventanilla.datasets.files import encodings, limits
from ventanilla.datasets.files.archives import unpacked
from ventanilla.datasets.files.kinds import Kind, kind_of
from ventanilla.datasets.files.problems import UnusableFile, because
from ventanilla.datasets.files.workbooks import Sheet, turned
from ventanilla.datasets.files.working import working_folder


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was looked through. ``sha256`` is that of ``path``; ``kind`` and ``encoding``, of the table in it.

    ``sheets`` are of a workbook; of a text there is one without a name. They are there while the source is open.
    """

    path: Path
    sha256: str
    kind: Kind
    sheets: tuple[Sheet, ...]
    encoding: str = ""
    member: str = ""
    others: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_since_1904: bool = False

    @property
    def name(self) -> str:
        return self.path.name


@contextmanager
def opened(path: Path, *, sheet: str = "", member: str = "", most_rows: int = 0) -> Iterator[Source]:
    """Raises ``UnusableFile`` with what to do. ``most_rows`` of each sheet are for whoever only looks at a workbook."""
    with ExitStack() as stack:
        try:
            source = _source(path, sheet, member, most_rows, stack)
        except OSError as error:
            raise UnusableFile(f"No se pudo leer {path.name}: {because(error)}.") from error
        yield source


def _source(path: Path, sheet: str, member: str, most_rows: int, stack: ExitStack) -> Source:
    name = path.name
    _refuse_by_size(path)
    kind, inner, sha256 = kind_of(path, name), path, ""
    if kind is Kind.ZIP:
        folder = stack.enter_context(working_folder())
        sha256 = encodings.digest(path)
        inner, member = unpacked(path, name, member, folder)
        name = "".join(filter(str.isprintable, member.rpartition("/")[2])) + f" (en {path.name})"
        kind = kind_of(inner, name)
        if kind is Kind.ZIP:
            raise UnusableFile(f"{path.name} trae adentro otro comprimido. Saque de él la tabla y cárguela.")
    elif member:
        raise UnusableFile(f"{name} no es un zip: no se puede elegir de él «{member}».")
    if kind is Kind.TEXT:
        if sheet:
            raise UnusableFile(f"{name} no es una planilla: no tiene hojas de las que elegir «{sheet}».")
        scanned = encodings.scan(inner, name)
        if scanned.encoding != encodings.UTF8:
            folder = stack.enter_context(working_folder())
            encodings.rewrite(inner, scanned.encoding, folder / "text", name)
            inner = folder / "text"
        return Source(path, sha256 or scanned.sha256, kind, (Sheet("", inner),), scanned.encoding, member)
    folder = stack.enter_context(working_folder())
    book = turned(inner, kind, name, folder, sheet=sheet, most_rows=most_rows)
    return Source(
        path,
        sha256 or encodings.digest(path),
        kind,
        book.sheets,
        member=member,
        others=book.others,
        notes=book.notes,
        is_since_1904=book.is_since_1904,
    )


def _refuse_by_size(path: Path) -> None:
    if not path.is_file():
        raise UnusableFile(f"No se pudo leer {path.name}: no es un archivo.")
    size = path.stat().st_size
    if size > limits.LARGEST_FILE:
        raise UnusableFile(f"{path.name} pesa más de 2 GiB, que es lo más que se carga de una vez. Pártalo en varios.")
