# Everything one does with the checkout. «make help» lists it from the comments after ##.

PYTHON ?= python3
SCALE ?= 0.05
WORKERS_OF_TESTS ?= auto
BIN := .venv/bin
SOURCES := $(wildcard src tests bench tools)
DJANGO := $(BIN)/python -W ignore -m django

export DJANGO_SETTINGS_MODULE := ventanilla.config.settings

.DEFAULT_GOAL := help
.PHONY: help demo test check format lint types contracts templates migrations install install-dev tidy lock openapi promise bench manual examples clean

help: ## muestra esta lista
	@echo "Uso: make OBJETIVO [VARIABLE=valor]"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: install ## instala todo, carga dos municipalidades ficticias y atiende en http://127.0.0.1:8000 (PORT lo cambia)
	@$(BIN)/ventanilla demo

test: install-dev ## instala lo que piden las pruebas y las corre todas (ARGS="-k texto" elige)
	@$(PYTHON) -I -S tools/install.py --dev --browser
	@$(BIN)/python -m pytest -n $(WORKERS_OF_TESTS) --dist worksteal $(ARGS)

check: install-dev ## revisa formato, reglas, tipos, capas, plantillas y migraciones, hasta el final aunque algo falle
	@$(MAKE) --no-print-directory --keep-going format lint types contracts templates migrations

format: install-dev ## revisa el formato del código
	@$(BIN)/ruff format --check $(SOURCES) || { echo "Hay archivos sin formato: make tidy los arregla."; exit 1; }

lint: install-dev ## revisa las reglas de estilo
	@$(BIN)/ruff check --quiet $(SOURCES)

types: install-dev ## revisa los tipos
	@$(BIN)/mypy $(SOURCES)

contracts: install-dev ## revisa que cada parte importe solo a las anteriores
	@$(BIN)/lint-imports --no-cache

templates: install-dev ## revisa las plantillas
	@$(BIN)/djlint --lint --quiet src

migrations: install-dev ## revisa que las migraciones digan lo mismo que los modelos
	@$(DJANGO) check --fail-level WARNING
	@$(DJANGO) makemigrations --check --dry-run

tidy: install-dev ## da formato al código y arregla lo que se puede arreglar solo
	@$(BIN)/ruff check --quiet --fix-only $(SOURCES)
	@$(BIN)/ruff format --quiet $(SOURCES)

openapi: install-dev ## escribe docs/api/openapi.json como es ahora la API
	@$(BIN)/python -m tests.api.write_openapi

promise: install-dev ## anota, al publicar una versión, lo que la API promete a sus clientes
	@$(BIN)/python -m tests.api.write_openapi --promise

bench: install-dev ## mide contra el piso y escribe docs/performance.md (SCALE=1 es el país entero)
	@$(BIN)/python -m bench.run --scale $(SCALE)

manual: install-dev ## vuelve a tomar las imágenes del manual con las pruebas que recorren las páginas
	@$(PYTHON) -I -S tools/install.py --dev --browser
	@VENTANILLA_SHOTS=1 $(BIN)/python -m pytest -q $$(grep -lF '.shot(' tests/journeys/test_*.py)

examples: install-dev ## vuelve a escribir los archivos de muestra de examples/, con los mismos bytes
	@$(BIN)/python -m tools.examples examples

lock: install-dev ## vuelve a fijar las versiones de las dependencias, con sus sumas
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    pyproject.toml -o requirements/runtime.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt

install: ## instala lo necesario para usarla, en .venv
	@command -v $(PYTHON) > /dev/null || { echo "Falta Python 3.11 o posterior. En Debian: apt-get install python3" >&2; exit 1; }
	@$(PYTHON) -I -S tools/install.py

install-dev: ## instala además lo que piden las pruebas y revisiones
	@command -v $(PYTHON) > /dev/null || { echo "Falta Python 3.11 o posterior. En Debian: apt-get install python3" >&2; exit 1; }
	@$(PYTHON) -I -S tools/install.py --dev

clean: ## borra .venv y lo que dejan las revisiones; conserva var, donde está la base de datos
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache src/*.egg-info
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
