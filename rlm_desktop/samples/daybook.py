"""The day book of a harbour office, day after day without end, in which it holds true who has which office and which ship lies in port."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rlm_desktop.samples import daybook_phrases as ph
from rlm_desktop.samples import world
from rlm_desktop.samples.chance import Chance

FIRST_DAY: Final = date(1774, 1, 3)
_SHIPS_KNOWN = 48
_BERTHS, _SELDOM_FEWER = 20, 4
_SUCCESSION_SHARE = 0.004
_OFFICES: Final = {
    "harbour_master": "harbour master",
    "clerk": "first clerk",
    "customs": "customs officer",
    "pilot": "senior pilot",
    "weigher": "weigher",
    "watchman": "night watchman",
    "lamp": "lamp keeper",
    "carpenter": "harbour carpenter",
}


@dataclass(slots=True)
class Ship:
    name: str
    rig: str
    master: str
    home: str


class DayBook:
    """Each day is one text that ends in an empty line. Of the spare key to `door` it never tells: that is left to a needle."""

    def __init__(self, chance: Chance, door: str, places: dict[str, str]) -> None:
        self._chance, self._door, self._places = chance, door, places
        self._others = [other for other in places if other != door]
        names = chance.some(world.SHIPS, _SHIPS_KNOWN)
        self._away = [Ship(name, chance.one(world.RIGS), "", chance.one(world.PORTS)) for name in names]
        for ship in self._away:
            ship.master = self._new_name()
        self._in_port: list[Ship] = []
        self._holders = {key: self._new_name() for key in _OFFICES}
        merchants, others = ([self._new_name() for _ in range(count)] for count in (14, 60))
        self._drawn = _Gaps(chance, self._holders, merchants, others, self._away[0])
        self._day = FIRST_DAY

    def days(self) -> Iterator[str]:
        """Yield day after day, without end. There is no year 10000: long before it, this would be half a terabyte of text."""
        while True:
            yield self._entry()
            self._day += timedelta(days=1)

    def filled(self, sentence: str, **more: str) -> str:
        """Return a sentence with its gaps filled as things stand on the day that comes next."""
        return _capital(sentence.format_map(ChainMap(more, self._gaps(self._chance.one(self._away)))))

    def _entry(self) -> str:
        chance, day = self._chance, self._day
        season = ("winter", "spring", "summer", "autumn")[day.month % 12 // 3]
        sky = chance.one(ph.SKY[season])
        weather = chance.one(ph.SKIES).format(
            wind=chance.one(world.WINDS),
            force=chance.one(world.FORCES),
            sky=sky,
            sky_=_capital(sky),
            glass=f"{chance.number(28, 30)}.{chance.number(0, 9)}",
        )
        sentences = [weather]
        sentences += [self._arrival() for _ in range(chance.number(0, 3)) if len(self._in_port) < _BERTHS]
        sentences += [self._departure() for _ in range(chance.number(0, 3)) if len(self._in_port) > _SELDOM_FEWER]
        business = self._business(season)
        if chance.happens(0.02):
            business.append(self._of_a_key())
        if chance.happens(0.01):
            business.append(self.filled(chance.one(ph.OF_THE_DOOR), door=self._door))
        if chance.happens(_SUCCESSION_SHARE):
            business.append(self._succession())
        chance.shuffle(business)
        title = f"{world.WEEKDAYS[day.weekday()]}, {day.day} {world.MONTHS[day.month - 1]} {day.year}"
        return f"{title}\n\n{' '.join(sentences)}\n\n{' '.join(business)}\n\n"

    def _arrival(self) -> str:
        ship = self._away.pop(self._chance.number(0, len(self._away) - 1))
        self._in_port.append(ship)
        told = _capital(self._chance.one(ph.ARRIVALS).format_map(self._gaps(ship)))
        if self._chance.happens(0.01):
            before, ship.master = ship.master, self._new_name()
            told += f" Captain {before.rpartition(' ')[2]} has left the {ship.name}, and {ship.master} is her master from today."
        return told

    def _departure(self) -> str:
        # Who came first goes first, give or take.
        ship = self._in_port.pop(self._chance.number(0, len(self._in_port) // 2))
        self._away.append(ship)
        return _capital(self._chance.one(ph.DEPARTURES).format_map(self._gaps(ship)))

    def _business(self, season: str) -> list[str]:
        chance, told = self._chance, ph.OFFICE + ph.OF_THE_SEASON[season]
        # Nothing comes twice in a day.
        chosen = {chance.one(told): None for _ in range(chance.number(3, 9))}
        return [_capital(sentence.format_map(self._gaps(chance.one(self._in_port or self._away)))) for sentence in chosen]

    def _of_a_key(self) -> str:
        door = self._chance.one(self._others)
        return self.filled(self._chance.one(ph.KEYS), door=door, place=self._places[door])

    def _succession(self) -> str:
        key = self._chance.one(tuple(_OFFICES))
        before, after = self._holders[key], self._new_name()
        self._holders[key] = after
        return f"Today {before} laid down the office of {_OFFICES[key]}, and {after} was sworn in after him."

    def _new_name(self) -> str:
        return f"{self._chance.one(world.MEN)} {self._chance.one(world.FAMILIES)}"

    def _gaps(self, ship: Ship) -> _Gaps:
        self._drawn.ship = ship
        return self._drawn


class _Gaps(dict[str, str]):
    """What fills a gap, drawn when a sentence asks for it: most ask for three of twenty."""

    def __init__(self, chance: Chance, holders: dict[str, str], merchants: list[str], others: list[str], ship: Ship) -> None:
        super().__init__()
        self.ship = ship
        one, number = chance.one, chance.number
        self._draws: dict[str, Callable[[], str]] = {
            "ship": lambda: self.ship.name,
            "rig": lambda: self.ship.rig,
            "master": lambda: f"Captain {self.ship.master}",
            "home": lambda: self.ship.home,
            "port": lambda: one(world.PORTS),
            "goods": lambda: one(world.GOODS),
            "count": lambda: str(number(12, 460)),
            "days": lambda: str(number(3, 41)),
            "small": lambda: str(number(2, 11)),
            "money": lambda: str(number(14, 390)),
            "hour": lambda: one(world.HOURS),
            "berth": lambda: one(world.BERTHS),
            "street": lambda: one(world.STREETS),
            "weekday": lambda: one(world.WEEKDAYS),
            "month": lambda: one(world.MONTHS),
            "merchant": lambda: one(merchants),
            "other": lambda: one(others),
            "widow": lambda: f"{one(world.WOMEN)} {one(world.FAMILIES)}",
        }
        self._holders = holders

    def __missing__(self, gap: str) -> str:
        return self._holders[gap] if gap in self._holders else self._draws[gap]()


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
