"""What is said of a run's confinement beside its trace: that it is lowered, and what can be done where it was refused."""

from __future__ import annotations

from collections.abc import Sequence

from rlm_desktop.cli.doctor_report import numbered
from rlm_desktop.engine.recorder import OnEvent
from rlm_desktop.present.confinement import REQUIRED, confinement, possible
from rlm_desktop.program import spoken_command
from rlm_desktop.trace import events as ev


class RefusalWatch:
    """Sees from the events of a run whether it was refused because its code is not confined as it must be."""

    def __init__(self) -> None:
        self._started: ev.RunStarted | None = None
        self._sandbox: ev.SandboxStarted | None = None
        self._has_run = False

    def over(self, on_event: OnEvent | None) -> OnEvent:
        """Return what takes each event, and hands it on."""

        def taken(event: ev.KnownEvent) -> None:
            match event:
                case ev.RunStarted():
                    self._started = event
                case ev.SandboxStarted():
                    self._sandbox = self._sandbox or event
                case ev.CodeStarted():
                    self._has_run = True
                case _:
                    pass
            if on_event is not None:
                on_event(event)

        return taken

    @property
    def is_refused(self) -> bool:
        return confinement(self._started, self._sandbox, is_live=False, has_run=self._has_run).standing == "refused"


def choices(arguments: Sequence[str]) -> str:
    """Return what can be done about a refused run that was started with these arguments, the better first."""
    doctor = f"Have it confined. This says what is tried, what is missing and what to do:\n{spoken_command('doctor')}"
    if not arguments:
        return numbered((doctor,))
    unconfined = spoken_command("run", "--confinement", "unconfined", *_once_more(arguments))
    return numbered((doctor, f"Run it unconfined this once, so that its models' code can {possible(REQUIRED)}:\n{unconfined}"))


def lowered() -> str:
    """Return what a run says that was started unconfined."""
    return f"This run is not confined: the code that its models write can {possible(REQUIRED)}."


def _once_more(arguments: Sequence[str]) -> list[str]:
    """Leave out what is chosen anew, in each way that it can be written: the confinement, and the trace, which holds the refused run."""
    kept: list[str] = []
    is_value = False
    for at, word in enumerate(arguments):
        if "--" in arguments[:at]:
            kept.append(word)
        elif is_value:
            is_value = False
        elif word.startswith(("--conf", "--tr")):
            is_value = "=" not in word
        else:
            kept.append(word)
    return kept
