"""Notebooks as text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rlm_desktop.documents.refused import RefusedError
from tests.documents.readers.drafts import drafted
from tests.documents.readers.zipped import damaged, survives


def notebook(*cells: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}).encode()


def code(source: str | list[str], *outputs: dict[str, Any], count: int | None = 1) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "execution_count": count, "outputs": list(outputs)}


def words(source: str | list[str]) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source}


def test_words_stay_as_they_are_and_code_stands_in_fences_under_its_count() -> None:
    read = drafted(
        "notebook",
        notebook(
            words(["# A study\n", "\n", "Of *things*."]),
            code(["x = 1\n", "print(x)"], {"output_type": "stream", "name": "stdout", "text": ["1\n"]}, count=3),
            code("", count=None),
            code('s = """\n```\n"""', count=None),
            words("```\n# no heading\n```\n\n## Results"),
            {"cell_type": "raw", "source": "as it is"},
        ),
    )
    assert read.text == (
        "# A study\n\nOf *things*.\n\n[3]\n```python\nx = 1\nprint(x)\n```\n\n```\n1\n```\n\n"
        '[ ]\n````python\ns = """\n```\n"""\n````\n\n```\n# no heading\n```\n\n## Results\n\nas it is\n'
    )
    assert read.outline == [(1, "A study", "# A study"), (2, "Results", "## Results")]
    assert (read.extent, read.notes) == ("6 cells", [])


def test_of_outputs_the_text_is_kept_without_colours_and_pictures_are_named() -> None:
    outputs = (
        {"output_type": "execute_result", "data": {"text/plain": "<Figure>", "image/png": "aGVsbG8=", "text/html": "<b>no</b>"}},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[0;31mE\x1b[0m: v", "  at line 1"]},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": []},
        {"output_type": "stream", "text": " 10%\r 50%\r100%\ndone\r\n"},
        {"output_type": "display_data", "data": {"application/x": {"a": float("nan")}}},
    )
    read = drafted("notebook", notebook(code("", *outputs), metadata={"kernelspec": {"language": "R"}}))
    assert (
        read.text == "```\n<Figure>\n(image/png, not included)\n```\n\n```\nE: v\n  at line 1\n```\n\n```\nE: v\n```\n\n"
        "```\n100%\ndone\n```\n"
    )
    assert read.notes == ["A picture is not read."]


def test_a_monstrous_output_keeps_its_beginning_and_its_end() -> None:
    read = drafted("notebook", notebook(code("x", {"output_type": "stream", "text": "a" * 15_000 + "b" * 50_000 + "c" * 5_000})))
    assert read.text == "[1]\n```python\nx\n```\n\n```\n" + "a" * 15_000 + "\n… 50,000 characters left out …\n" + "c" * 5_000 + "\n```\n"
    assert read.notes == ["An output was cut to 20,000 characters."]


def test_format_3_is_read() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Old"]},
        {
            "cell_type": "code",
            "input": ["1 + 1"],
            "prompt_number": 4,
            "outputs": [{"output_type": "pyout", "text": ["2"], "png": "aGVsbG8="}, {"output_type": "pyerr", "ename": "E", "evalue": "v"}],
        },
    ]
    data = json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()
    read = drafted("notebook", data)
    assert read.text == "## Old\n\n[4]\n```python\n1 + 1\n```\n\n```\n2\n(image/png, not included)\n```\n\n```\nE: v\n```\n"
    assert read.outline == [(2, "Old", "## Old")]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"[1, 2]", "damaged"),
        (b"{", "damaged"),
        (b"\xef\xbb\xbf{}", "damaged"),
        (b'{"nbformat": 4}', "damaged"),
        (b'{"cells": {"a": 1}}', "damaged"),
        (b'{"worksheets": 3}', "damaged"),
        (b"[" * 1_000_000, "damaged"),
        (notebook(), "no text"),
        (notebook(words("  ")), "no text"),
    ],
    ids=range(9),
)
def test_what_is_no_notebook_ends_in_a_sentence(data: bytes, kind: str) -> None:
    with pytest.raises(RefusedError) as refused:
        drafted("notebook", data)
    assert refused.value.kind == kind


def test_fields_of_another_shape_are_passed_over() -> None:
    outputs = [None, {"data": 7}, {"output_type": "error", "traceback": 5}]
    strange = notebook({"cell_type": "code", "source": 3, "outputs": outputs}, words("Words."))
    assert drafted("notebook", strange).text == "```\n: \n```\n\nWords.\n"


def test_damage_ends_in_a_text_or_a_sentence() -> None:
    data = notebook(words("# A"), code("x", {"output_type": "stream", "text": "1"}))
    read, refused = survives("notebook", damaged(data, 200, is_zip=False))
    assert read > 3
    assert refused > 50
