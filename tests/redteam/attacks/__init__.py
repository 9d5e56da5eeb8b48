"""All attacks, by what they are after. A letter after a number is another way to the same end."""

from __future__ import annotations

from tests.redteam.attack import Attack
from tests.redteam.attacks.execution import EXECUTION
from tests.redteam.attacks.kernel import KERNEL
from tests.redteam.attacks.names import NAMES
from tests.redteam.attacks.native import NATIVE
from tests.redteam.attacks.network import NETWORK
from tests.redteam.attacks.oracles import ORACLES
from tests.redteam.attacks.processes import PROCESSES
from tests.redteam.attacks.reading import READING
from tests.redteam.attacks.resources import RESOURCES
from tests.redteam.attacks.signals import SIGNALS
from tests.redteam.attacks.sockets import SOCKETS
from tests.redteam.attacks.writing import WRITING

GROUPS: dict[str, tuple[Attack, ...]] = {
    "reading files": READING,
    "seeing names and sizes of files, and the machine": NAMES,
    "writing files": WRITING,
    "reading what other processes hold": PROCESSES,
    "seeing other processes": ORACLES,
    "acting on other processes": SIGNALS,
    "network and sockets": NETWORK,
    "sockets by less usual roads": SOCKETS,
    "starting processes and programs": EXECUTION,
    "native code and its own bonds": NATIVE,
    "the kernel's rarer doors": KERNEL,
    "memory, files, threads without end": RESOURCES,
}
ATTACKS: tuple[Attack, ...] = tuple(attack for group in GROUPS.values() for attack in group)
"""In the order in which they are tried."""
