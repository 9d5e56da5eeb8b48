"""The sample that ships with the program: documents and a question, one click away on the first start."""

from __future__ import annotations

from pathlib import Path

import msgspec

from rlm_desktop.errors import UserError
from rlm_desktop.paths import resource


class Sample(msgspec.Struct, frozen=True):
    """`documents` are names of files beside the sample's own."""

    title: str
    documents: tuple[str, ...]
    question: str

    def paths(self) -> list[Path]:
        return [resource("samples", name) for name in self.documents]


def load_sample() -> Sample:
    """Raises UserError when the program was installed without it."""
    path = resource("samples", "sample.json")
    try:
        return msgspec.json.decode(path.read_bytes(), type=Sample)
    except (OSError, msgspec.ValidationError, msgspec.DecodeError) as error:
        raise UserError(f"The sample cannot be read from {path}: {error}. Install the program again.") from error
