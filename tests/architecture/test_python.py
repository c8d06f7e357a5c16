"""Who may import what, and other rules a reader of the code can rely on."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tiny import REPOSITORY

#: Longest module allowed; the runner has a cap of its own, past which a framework would be the better answer.
LONGEST_MODULE = 400
LONGEST_RUNNER = 300

STATEMENT = re.compile(
    r"^\s*(select|with|insert|update|delete|create|attach)\b.*\b(from|into|table|set|as)\b", re.S
)

#: Folders that belong to one machine. Written in two parts so that this file does not hold them.
MACHINE_PATHS = re.compile(r"(?<![\w.~:/-])/(?:" + "|".join(("work", "home", "root", "Users")) + r")/[\w.]")

WORDS_OF_UNFINISHED_WORK = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME)\b")


def modules(*folders: str) -> list[Path]:
    found = [REPOSITORY / "dashboard.py"] if "." in folders else []
    for folder in folders:
        if folder != ".":
            path = REPOSITORY / folder
            found += [path] if path.is_file() else sorted(path.rglob("*.py"))
    return [path for path in found if path.exists()]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(path: Path) -> set[str]:
    """The top-level packages a module imports, wherever in the module."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            names.add(node.module.split(".")[0])
    return names


def texts(path: Path) -> Iterator[str]:
    """String constants that are no docstrings."""
    whole = tree(path)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(whole)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(whole):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [REPOSITORY / line for line in listed if line and (REPOSITORY / line).is_file()]


@pytest.mark.parametrize("path", modules("pipeline", "pages", "."), ids=name)
def test_only_the_engine_imports_duckdb(path: Path) -> None:
    assert "duckdb" not in imported(path) or name(path) == "pipeline/engine.py"


def test_the_engine_does_import_duckdb() -> None:
    assert "duckdb" in imported(REPOSITORY / "pipeline" / "engine.py")


@pytest.mark.parametrize("path", modules("pipeline", "pages/charts", "pages/language.py"), ids=name)
def test_pipeline_and_charts_do_not_know_streamlit(path: Path) -> None:
    assert not imported(path) & {"streamlit", "altair"}


@pytest.mark.parametrize("path", modules("pipeline"), ids=name)
def test_pipeline_does_not_know_the_pages(path: Path) -> None:
    assert "pages" not in imported(path)


@pytest.mark.parametrize("path", modules("pages/charts"), ids=name)
def test_charts_open_nothing(path: Path) -> None:
    calls = [node.func for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    assert not [call for call in calls if isinstance(call, ast.Name) and call.id == "open"]


@pytest.mark.parametrize("path", modules("pages", "."), ids=name)
def test_pages_hold_no_sql(path: Path) -> None:
    assert [text for text in texts(path) if STATEMENT.match(text)] == []


@pytest.mark.parametrize("path", modules("pipeline", "pages", "."), ids=name)
def test_only_settings_read_the_environment(path: Path) -> None:
    used = {
        node.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
    }
    assert not used & {"environ", "getenv", "putenv"} or name(path) == "pipeline/settings.py"


@pytest.mark.parametrize("path", modules("pipeline", "pages", "."), ids=name)
def test_module_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= (LONGEST_RUNNER if path.name in ("runner.py", "models.py") else LONGEST_MODULE)


@pytest.mark.parametrize("path", modules("pipeline", "pages", "."), ids=name)
def test_module_says_what_it_is_for(path: Path) -> None:
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(tree(path))


#: Prints to a terminal, in English; nothing of it is kept or translated.
COMMAND_LINE = "pipeline/uploads/commands.py"


def grouping(module: ast.Module) -> list[int]:
    """Lines that write numbers with groups set apart, or in the way of the machine's locale."""
    found: list[int] = []
    for node in ast.walk(module):
        specs: list[str] = []
        if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
            parts = node.format_spec.values
            specs = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "format":
            specs = [str(word.value) for word in node.args[1:] if isinstance(word, ast.Constant)]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("format", "format_map"):
            text = getattr(node.func, "value", None)
            specs = re.findall(r"\{[^{}]*:([^{}]*)\}", str(getattr(text, "value", "")))
        found += [node.lineno for spec in specs if re.search(r"[,_]|n$", spec)]  # type: ignore[attr-defined]
    return found


@pytest.mark.parametrize("path", modules("pipeline/uploads", "pipeline/sources"), ids=name)
def test_faults_keep_numbers_plain_and_explain_alone_writes_them(path: Path) -> None:
    """A number with groups is of one language: kept in a fault, it would be read in all of them."""
    if name(path) not in ("pipeline/uploads/explain.py", COMMAND_LINE):
        assert grouping(tree(path)) == []


def test_pages_write_the_numbers_of_faults_in_the_readers_language() -> None:
    calls = [
        (name(path), node)
        for path in modules("pages")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("explain", "fill", "written")
    ]
    assert len(calls) >= 5
    bare = [path for path, call in calls if "plain_number" not in ast.unparse(call.args[-1])]
    assert bare == []


@pytest.mark.parametrize(
    "code",
    ["f'{x:,}'", "f'{x:,.15g}'", "f'{x:{width},.2f}'", "f'{x:_}'", "f'{x:n}'", "format(x, ',')",
     "'{:,}'.format(x)", "'{sum:,.0f} t'.format(sum=x)"],
)  # fmt: skip
def test_numbers_with_groups_are_noticed_however_they_are_written(code: str) -> None:
    assert grouping(ast.parse(code)) == [1]


@pytest.mark.parametrize(
    "code", ["f'{x:.15g}'", "f'{x}, {y:.0f}'", "format(x, '.2f')", "'{:f}, {}'.format(x, y)"]
)
def test_plain_numbers_are_let_through(code: str) -> None:
    assert grouping(ast.parse(code)) == []


def test_no_file_names_a_folder_of_one_machine_or_unfinished_work() -> None:
    found = []
    for path in tracked():
        if path.suffix in (".png", ".ico", ".gz", ".woff2", ".zip", ".xlsx"):
            continue
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        ):
            is_ours = path.suffix in (".py", ".sql", ".toml", ".md", ".sh", ".yml") or path.name == "Makefile"
            if MACHINE_PATHS.search(line) or (is_ours and WORDS_OF_UNFINISHED_WORK.search(line)):
                found.append(f"{name(path)}:{number}: {line.strip()[:100]}")
    assert found == []
