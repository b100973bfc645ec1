"""How does the command line find and run a command?"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from cli.commands import COMMANDS


class Commands(TyperGroup):
    """Lists every command from the table, and imports only the module of the one that runs."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {name: TyperCommand(name, short_help=line) for name, (_, line) in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, known, rest = super().resolve_command(ctx, args)
        return name, known and command(str(name)), rest


def command(name: str) -> Any:
    """A command with its options, or a group of commands."""
    from cli.printing.wording import in_the_words_of_the_pack  # not needed for the list of commands
    from cli.stack.stackfile import use_its_pack

    use_its_pack()
    module, _, attribute = COMMANDS[name][0].partition(":")
    begun = getattr(import_module(f"cli.commands.{module}"), attribute)
    found = typer.main.get_command(begun if isinstance(begun, typer.Typer) else _alone(name, begun))
    in_the_words_of_the_pack(found)
    return found


def _alone(name: str, function: Any) -> typer.Typer:
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
    app.command(name)(function)
    return app


app = typer.Typer(
    cls=Commands,
    name="pipeline",
    no_args_is_help=True,
    rich_markup_mode=None,  # markup would take a quarter of a second longer
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 120},
)


@app.callback()
def pipeline() -> None:
    """Turns job postings into a worklist of tasks, with the reason for the rank of each.

    Start with `pipeline up` (or `make demo`, which invents two months of work), import files with `pipeline import`,
    and look at `pipeline worklist`, `pipeline why FACILITY` and `pipeline inbox`. Every command except `up`, `down` and
    `setup` uses the running stack; `PIPELINE_NATS_URL` selects another one.
    """


def main() -> None:
    """Run the command line; a failure is reported in a sentence, with exit code 1."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        from cli.printing import failures  # only after a failure

        if not failures.shown(error):
            raise
        sys.exit(1)


if __name__ == "__main__":
    main()
