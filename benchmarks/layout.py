"""How far a package is from a drawing that fits a page: its rooms, their floors, the arrows.

    python -m benchmarks.layout [PACKAGE]

A room is a module or package directly in PACKAGE (default: curation). An arrow goes from one room
to another that it imports, anywhere within. A room is one floor above the highest it imports.
"""

import sys
from functools import cache

import grimp


def draw_arrows(package: str) -> dict[str, set[str]]:
    """Each room with the rooms that it imports."""
    graph = grimp.build_graph(package)
    rooms = graph.find_children(package)
    room_of = {name: room for room in rooms for name in (room, *graph.find_descendants(room))}
    arrows: dict[str, set[str]] = {room: set() for room in rooms}
    for name, room in room_of.items():
        imported = map(room_of.get, graph.find_modules_directly_imported_by(name))
        arrows[room] |= {other for other in imported if other not in (room, None)}
    return arrows


def floors_of(arrows: dict[str, set[str]]) -> dict[str, int]:
    """The floor of each room, the lowest being 1; a circle is a RecursionError."""

    @cache
    def floor(room: str) -> int:
        return 1 + max(map(floor, arrows[room]), default=0)

    return {room: floor(room) for room in arrows}


def main(package: str = "curation") -> None:
    arrows = draw_arrows(package)
    floors = floors_of(arrows)
    count = sum(map(len, arrows.values()))
    print(f"{package}: {len(arrows)} rooms, {max(floors.values())} floors, {count} arrows\n")
    for room, floor in sorted(floors.items(), key=lambda item: (-item[1], item[0])):
        below = ", ".join(sorted(name.removeprefix(f"{package}.") for name in arrows[room]))
        print(f"{floor:2}  {room.removeprefix(f'{package}.'):16} -> {below}")


if __name__ == "__main__":
    main(*sys.argv[1:])
