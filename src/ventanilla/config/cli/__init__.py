"""The command ``ventanilla``: a table of commands, each loaded when it is asked for."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from ventanilla.config.cli.spanish import speak_spanish
from ventanilla.config.environment import BadSetting
from ventanilla.config.postgres.problems import DatabaseProblem
from ventanilla.core.errors import DomainError

speak_spanish()

# Where each command is; it is imported only to run it, so that «ventanilla db start» need not load Django.
COMMANDS: Mapping[str, str] = {
    "demo": "ventanilla.config.cli.demo:demo",
    "serve": "ventanilla.config.cli.serve:serve",
    "db": "ventanilla.config.cli.db:db",
    "audit": "ventanilla.config.cli.audit:audit",
    "catalogue": "ventanilla.config.cli.catalogue:catalogue",
    "webhooks": "ventanilla.config.cli.webhooks:webhooks",
    "outbox": "ventanilla.config.cli.outbox:outbox",
    "keys": "ventanilla.config.cli.keys:keys",
    "work": "ventanilla.config.cli.work:work",
    "referrals": "ventanilla.config.cli.referrals:referrals",
    "load": "ventanilla.config.cli.load:load",
    "folder": "ventanilla.config.cli.folder:folder",
    "duplicates": "ventanilla.config.cli.duplicates:duplicates",
    "template": "ventanilla.config.cli.template:template",
    "synthesize": "ventanilla.config.cli.synthesize:synthesize",
}


class CommandTable(click.Group):
    """The commands of ``COMMANDS``. What goes wrong in any of them is one sentence and a status other than 0."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (BadSetting, DatabaseProblem, DomainError) as problem:
            raise click.ClickException(str(problem)) from problem


main = CommandTable(
    name="ventanilla",
    help="Ventanilla: la ventanilla única de la Gestión Social Local.",
    context_settings={"max_content_width": 100},
)
