"""Holds names and sentences to the style page of CONTRIBUTING.md: a count per file that may only fall.

    python .ci/style.py            compare with .ci/style.tsv; exit 1 if a file has more findings than before
    python .ci/style.py --list F   list the findings in files whose path contains F
    python .ci/style.py --write    record the counts, after findings were removed or files were moved

A new file starts at zero. Vague names are counted at their definition: in Python by the syntax tree, in Rust
after `fn`, `let`, `struct` and the like, as fields, parameters and closure arguments.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
COUNTS = ROOT / ".ci" / "style.tsv"
SUFFIXES = (".md", ".py", ".rs")
# The page quotes what it advises against, and so does this script.
EXEMPT = ("CONTRIBUTING.md", ".ci/style.py")

NAMES = frozenset(("made", "said", "told", "known", "kept", "asked", "own", "there", "wish", "gate"))
PHRASES = re.compile(
    r"""\b(?:
        what\ (?:became|becomes|came|comes|is\ asked)\ of
      | (?:nobody|somebody|anybody)
      | where\ (?:it|that|this|there|they|one|none|nothing)\ (?:is|are|can|has|have|had|do|does|was|were)
      | (?:is|are)\ no\ [a-z]+
      | (?:says|tells)
      | (?:has|have)\ (?:nothing|its\ say)
      | to\ be\ told\ apart
      | without\ a\ word
      | in\ silence
      | for\ good
      | lets?\ (?:it|them)\ (?:in|out)
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)
RUST_NAMES = re.compile(
    rf"""(?:
        \b(?:fn|let|let\ mut|struct|enum|type|const|static|mod|for|trait)\s+(?P<item>{"|".join(NAMES)})\b
      | (?:^|[(,|{{]\s*)(?:pub(?:\([a-z]+\))?\ )?(?:mut\ )?(?P<field>{"|".join(NAMES)})\s*:(?!:)
      | \|(?:[^|]*,\s*)?&?(?P<argument>{"|".join(NAMES)})\s*[,|]
    )""",
    re.VERBOSE,
)


def names_in_python(text: str) -> Iterator[tuple[int, str]]:
    """The lines on which Python source defines a vague name."""
    for node in ast.walk(ast.parse(text)):
        name = None
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            name = node.attr
        if name is not None and name.strip("_") in NAMES:
            yield node.lineno, f"the name {name}"


def names_in_rust(text: str) -> Iterator[tuple[int, str]]:
    """The lines on which Rust source defines a vague name."""
    for number, line in enumerate(text.splitlines(), 1):
        code = line.partition("//")[0]
        for match in RUST_NAMES.finditer(code):
            yield number, f"the name {match['item'] or match['field'] or match['argument']}"


def findings(path: Path) -> list[tuple[int, str]]:
    """Line and finding, for a file."""
    text = path.read_text(encoding="utf-8")
    found = [
        (number, f"the phrase {match[0]!r}")
        for number, line in enumerate(text.splitlines(), 1)
        for match in PHRASES.finditer(line)
    ]
    if path.suffix == ".py":
        found += names_in_python(text)
    if path.suffix == ".rs":
        found += names_in_rust(text)
    return sorted(found)


def files() -> list[str]:
    """The files that git tracks or would track, by their paths from the root."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [line for line in listing.splitlines() if line.endswith(SUFFIXES) and line not in EXEMPT]
    return sorted(path for path in paths if (ROOT / path).is_file())


def recorded() -> dict[str, int]:
    """The counts on record."""
    if not COUNTS.exists():
        return {}
    rows = (line.split("\t") for line in COUNTS.read_text(encoding="utf-8").splitlines()[1:])
    return {path: int(count) for path, count in rows}


def main(arguments: list[str]) -> int:
    """Exit code 1 if a file has more findings than on record."""
    if arguments[:1] == ["--list"]:
        for path in files():
            if len(arguments) > 1 and arguments[1] in path:
                for number, finding in findings(ROOT / path):
                    sys.stdout.write(f"{path}:{number}: {finding}\n")
        return 0
    counts = {path: len(findings(ROOT / path)) for path in files()}
    if arguments[:1] == ["--write"]:
        rows = [f"{path}\t{count}" for path, count in counts.items() if count]
        COUNTS.write_text("\n".join(["path\tfindings", *rows, ""]), encoding="utf-8")
        sys.stdout.write(f"{sum(counts.values())} findings in {len(rows)} files\n")
        return 0
    before = recorded()
    grown = [path for path, count in counts.items() if count > before.get(path, 0)]
    for path in grown:
        sys.stderr.write(f"{path}: {counts[path]} findings, {before.get(path, 0)} on record\n")
        for number, finding in findings(ROOT / path):
            sys.stderr.write(f"  {path}:{number}: {finding}\n")
    if grown:
        sys.stderr.write("CONTRIBUTING.md, 'Style', lists what to write instead\n")
    return int(bool(grown))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
