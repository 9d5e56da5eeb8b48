"""Folders of many files, for what reads them."""

from __future__ import annotations

from pathlib import Path

_PROSE = "It was a long road to the town where nobody had been for years, and {} of them went on.\n"
_CODE = '''"""Part {n} of the whole."""


class Part{n}:
    def first(self, x: int) -> int:
        """Return what comes first."""
        return x + {n}


'''
_BODY = "def step_{n}_{k}(values: list[int]) -> int:\n    total = sum(values) + {k}\n    return total if total > {n} else -total\n\n\n"
_GITIGNORE = "*.pyc\n*.log\nbuild/\ndist/\n.venv/\n!important.log\n/out\n*.egg-info/\n"


def text_files(folder: Path, count: int) -> Path:
    """Write so many texts of about 5 KB, each another one."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:05}.txt").write_text("".join(_PROSE.format(number + line) for line in range(56)))
    return folder


def repository(folder: Path, count: int) -> Path:
    """Write a repository of so many files of about 5 KB in folders of fifty, code, Markdown and JSON, with what git ignores beside them."""
    (folder / ".git").mkdir(parents=True)
    (folder / ".gitignore").write_text(_GITIGNORE)
    for number in range(count):
        below = folder / f"package{number // 50:03}"
        if number % 50 == 0:
            (below / "build").mkdir(parents=True)
            (below / "build" / "made.txt").write_text("made\n")
            (below / "run.log").write_text("log\n")
        match number % 5:
            case 0:
                path, text = below / f"notes{number}.md", "".join(f"# Part {number}.{k}\n\n{_PROSE.format(k) * 5}\n" for k in range(10))
            case 1:
                path, text = below / f"data{number}.json", "[" + ",\n".join(f'{{"id": {k}, "part": {number}}}' for k in range(200)) + "]"
            case _:
                path = below / f"part{number}.py"
                text = _CODE.format(n=number) + "".join(_BODY.format(n=number, k=k) for k in range(38))
        path.write_text(text)
    return folder
