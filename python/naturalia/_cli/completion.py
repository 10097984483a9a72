"""`naturalia completion`: the script that teaches a shell our verbs and options."""

from __future__ import annotations

import click

from naturalia._cli.output import echo

__all__ = ["completion"]


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Prints the completion script of a shell.

    \b
    Examples:
      naturalia completion bash > naturalia.bash
      naturalia completion zsh > _naturalia
      naturalia completion fish > naturalia.fish
    """
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    assert script is not None, shell
    echo(script(context.find_root().command, {}, "naturalia", "_NATURALIA_COMPLETE").source())
