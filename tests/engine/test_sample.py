"""The sample of the first start: its script writes it, and the built-in model answers it with a tree worth looking at."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

from rlm_desktop.analysis.quotes import find_quotes
from rlm_desktop.paths import resource
from tests.engine.small_repl import run

SCRIPT = Path(__file__).parents[2] / "packaging" / "write_sample.py"


def test_sample_is_what_its_script_writes() -> None:
    for path, text in runpy.run_path(str(SCRIPT))["sample"]().items():
        assert resource("samples", *path.split("/")).read_text(encoding="utf-8") == text


def test_sample_is_answered_by_the_one_letter_that_says_it() -> None:
    sample = json.loads(resource("samples", "sample.json").read_text(encoding="utf-8"))
    texts = {path: resource("samples", *path.split("/")).read_text(encoding="utf-8") for path in sample["documents"]}
    assert 300_000 < sum(map(len, texts.values())) < 600_000
    done = run(sample["question"], texts)
    quote = find_quotes(done.answer, list(texts))[0]
    assert quote.document == "expedition/letters.md" and "beneath the hearthstone" in quote.text
    assert texts[quote.document][quote.at : quote.to] == quote.text
    assert len(done.children) == len(texts) and done.batches[0] >= 20
