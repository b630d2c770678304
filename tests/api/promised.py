"""What a document of the API promises to its clients, as lines that can be compared."""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]


def written_down(document: Schema) -> str:
    """All of it, a line each, under the version that promises it."""
    lines = sorted(promises(document) | demands(document))
    return "\n".join([f"version {document['info']['version']}", *lines]) + "\n"


def promises(document: Schema) -> set[str]:
    """A line for each operation, each field of its answers, each parameter and each field that its body may have."""
    return set(_promises(document))


def demands(document: Schema) -> set[str]:
    """A line for each field and parameter without which an operation is refused."""
    found = set()
    for name, operation in _operations(document):
        found |= {f"{name} asks {field}" for field in _fields(document, _body(operation), only_required=True)}
        found |= {f"{name} asks {one['name']}" for one in operation["parameters"] if one["required"]}
    return found


def _promises(document: Schema) -> Iterator[str]:
    for name, operation in _operations(document):
        yield name
        yield from (f"{name} takes {field}" for field in _fields(document, _body(operation)))
        yield from (f"{name} takes {parameter['name']}" for parameter in operation["parameters"])
        for status, response in operation["responses"].items():
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            yield from (f"{name} answers {status} {field}" for field in _fields(document, schema))


def _operations(document: Schema) -> Iterator[tuple[str, Schema]]:
    for path, methods in document["paths"].items():
        yield from ((f"{method.upper()} {path}", operation) for method, operation in methods.items())


def _body(operation: Schema) -> Schema:
    found: Schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return found


def _fields(document: Schema, schema: Schema, *, only_required: bool = False, under: str = "") -> Iterator[str]:
    """Every field by its path, through references, lists and alternatives; nothing of ours refers to itself."""
    if reference := schema.get("$ref"):
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
    for part in [schema.get("items"), *schema.get("anyOf", []), *schema.get("allOf", [])]:
        if part:
            yield from _fields(document, part, only_required=only_required, under=under)
    for name, field in schema.get("properties", {}).items():
        if not only_required or name in schema.get("required", []):
            yield f"{under}{name}"
            yield from _fields(document, field, only_required=only_required, under=f"{under}{name}.")
