"""Installs Ventanilla into ``.venv`` with nothing but the standard library, and says in a sentence what stops it."""

# Up to the refusal it must run on Python 3.6, and the rest must parse there: who has an old one reads why.

import argparse
import ctypes.util
import errno
import fcntl
import hashlib
import importlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
COMMAND = VENV / "bin" / "ventanilla"
STAMP = VENV / "ventanilla-installed.json"
UNFINISHED = VENV / "ventanilla-unfinished"
RUNTIME, DEV = "requirements/runtime.txt", "requirements/dev.txt"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_PACKAGES = ("chromium", "fonts-liberation", "fonts-roboto-unhinted")
PDF_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-roboto-unhinted")


def refuse(sentence: str) -> NoReturn:
    """End with a sentence on the terminal and no traceback."""
    say(sentence)
    sys.exit(1)


def say(sentence: str) -> None:
    # As bytes: an old Python in the C locale would spell the accents as codes.
    sys.stderr.buffer.write(f"{sentence}\n".encode())
    sys.stderr.flush()


def find_newer_python() -> "str | None":
    """Another interpreter of this machine that will do, or None. A shim may exist and not run."""
    for minor in range(OLDEST[1], OLDEST[1] + 8):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return found
    return None


if sys.version_info < OLDEST:
    newer = find_newer_python()
    if newer:
        os.execv(newer, [newer, "-I", "-S", str(Path(__file__).resolve()), *sys.argv[1:]])  # noqa: S606 - itself, elsewhere
    refuse(
        f"Ventanilla necesita Python 3.11 o posterior, y este es el {sys.version_info[0]}.{sys.version_info[1]}."
        " Instale uno más nuevo, o indíquelo así: make PYTHON=/ruta/a/python3.11"
    )


def digest(*names: str) -> str:
    """What must not have changed for an installation to serve: these files, Python's version and the place."""
    found = hashlib.sha256(repr((sys.version_info[:2], str(ROOT))).encode())
    for name in ("pyproject.toml", *names):
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def wanted(lock: str) -> dict[str, str]:
    """What the stamp must hold. The development lock contains the other, so that it serves for both."""
    return {name: digest(name) for name in ((RUNTIME, DEV) if lock == DEV else (RUNTIME,))}


def read_stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def is_installed(lock: str) -> bool:
    runs = PYTHON.exists() and COMMAND.exists() and not UNFINISHED.exists()
    return runs and wanted(lock).items() <= read_stamp().items()


def is_usable() -> bool:
    """Whether the environment there can be brought up to date; one half made, or of another Python, cannot."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    probe = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        return subprocess.run([PYTHON, "-I", "-c", probe], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def is_moved() -> bool:
    """Whether the environment was made in another folder: its programs name that one in their first line."""
    try:
        return str(VENV) not in COMMAND.read_text(errors="replace")
    except OSError:
        return False


def run_or_refuse(command: list[str], doing: str) -> None:
    """Run quietly; when it fails, one sentence with the likeliest cause and the program's own last words."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode == 0:
        return
    output = done.stdout + done.stderr
    refuse(f"{doing} {_cause(output)} Corrija eso y repita la orden: continuará sola.\n{_last_words(output)}")


def _cause(output: str) -> str:
    for mark, sentence in (
        ("No space left on device", "No queda espacio en el disco."),
        ("Disk quota exceeded", "Se agotó la cuota de disco de este usuario."),
        ("Read-only file system", "El disco está montado solo para lectura."),
        ("Permission denied", "Este usuario no tiene permiso para escribir ahí."),
        ("DO NOT MATCH THE HASHES", "Un paquete descargado no es el que fija el candado de dependencias."),
        ("NewConnectionError", "No hay conexión con el registro de paquetes."),
        ("Could not find a version", "El registro de paquetes no se alcanza, o no tiene un paquete para esta máquina."),
        ("No matching distribution", "El registro de paquetes no se alcanza, o no tiene un paquete para esta máquina."),
    ):
        if mark in output:
            return sentence
    return "La orden terminó mal."


def _last_words(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return "\n".join("  " + line for line in (errors or lines)[-4:])


def apt_install(*packages: str) -> bool:
    """Install Debian packages if we may; whether they are there now."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], env=environment, capture_output=True, check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def ensure_venv_module() -> None:
    """Debian ships Python without what makes environments."""
    if _has_venv():
        return
    versioned = f"python3.{sys.version_info[1]}-venv"
    say("Falta el módulo venv de Python; se instala con apt-get.")
    if not (apt_install(versioned) or apt_install("python3-venv")) or not _has_venv():
        refuse(
            "A este Python le falta venv (ensurepip). En Debian o Ubuntu se instala con «apt-get install python3-venv»;"
            " después repita la orden."
        )


def _has_venv() -> bool:
    importlib.invalidate_caches()
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def make_environment() -> None:
    ensure_venv_module()
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        say("La carpeta .venv está incompleta o es de otro lugar; se hace de nuevo.")
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()
    run_or_refuse([sys.executable, "-m", "venv", str(VENV)], "No se pudo crear .venv.")


def install(lock: str) -> None:
    """Bring ``.venv`` to the lock; killed in the middle, the next run begins again."""
    if is_moved() or not is_usable():
        make_environment()
    UNFINISHED.touch()
    say("Instalando las dependencias en .venv; la primera vez tarda un par de minutos.")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet"]
    locked = ["--require-hashes", "--only-binary", ":all:", "--requirement", str(ROOT / lock)]
    run_or_refuse([*pip, *locked], "No se pudieron instalar las dependencias.")
    here = ["--no-build-isolation", "--no-deps", "--editable", str(ROOT)]
    run_or_refuse([*pip, *here], "No se pudo instalar Ventanilla en .venv.")
    STAMP.write_text(json.dumps(wanted(lock), indent=2))
    UNFINISHED.unlink()


def ensure_installed(lock: str) -> None:
    if is_installed(lock):
        return
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)  # of two at once the second waits, and finds it done
    if not is_installed(lock):
        install(lock)
    os.close(folder)


def ensure_browser() -> None:
    """Chromium for the journeys; where it cannot be installed, the tests that need it say so themselves."""
    if any(map(shutil.which, BROWSERS)):
        return
    say("Falta Chromium para las pruebas de navegador; se instala con apt-get si este usuario puede.")
    if not apt_install(*BROWSER_PACKAGES):
        say(f"No se instaló. En Debian o Ubuntu: apt-get install {' '.join(BROWSER_PACKAGES)}")


def ensure_pdf_libraries() -> None:
    """What draws PDFs, if we may install it; without it a PDF answers with a sentence and all else works."""
    if ctypes.util.find_library("pangoft2-1.0") or os.geteuid() != 0:
        return
    say("Faltan las bibliotecas que hacen los PDF; se instalan con apt-get.")
    if not apt_install(*PDF_PACKAGES):
        say(f"No se instalaron. En Debian o Ubuntu: apt-get install {' '.join(PDF_PACKAGES)}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Instala Ventanilla en .venv.")
    parser.add_argument("--dev", action="store_true", help="también lo que piden las pruebas y revisiones")
    parser.add_argument("--browser", action="store_true", help="también Chromium, para las pruebas de navegador")
    options = parser.parse_args()
    try:
        ensure_installed(DEV if options.dev else RUNTIME)
    except OSError as error:
        refuse(_disk_sentence(error))
    ensure_pdf_libraries()
    if options.browser:
        ensure_browser()


def _disk_sentence(error: OSError) -> str:
    where = VENV / (error.filename or "")  # while a folder is emptied, names come without it
    causes = {
        errno.ENOSPC: "no queda espacio en el disco",
        errno.EDQUOT: "se agotó la cuota de disco de este usuario",
        errno.EROFS: "el disco está montado solo para lectura",
        errno.EACCES: "este usuario no tiene permiso",
        errno.EPERM: "este usuario no tiene permiso",
        errno.ENOENT: "falta un archivo del proyecto",
    }
    cause = causes.get(error.errno or 0, error.strerror or "falló el disco")
    return f"No se pudo instalar en {where}: {cause}. Nada del proyecto cambió; corrija eso y repita la orden."


if __name__ == "__main__":
    main()
