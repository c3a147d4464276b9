"""Chess and dice."""

from xmr_core.demo.meshes.palette import BLACK, DARK_WOOD, RED, WHITE
from xmr_core.demo.solids import Colour, Solid


def pawn(colour: Colour) -> Solid:
    """A chess pawn."""
    return (
        Solid()
        .lathe(
            [
                (0, 0),
                (0.3, 0),
                (0.32, 0.05),
                (0.28, 0.1),
                (0.2, 0.16),
                (0.13, 0.3),
                (0.11, 0.48),
                (0.19, 0.52),
                (0.19, 0.55),
                (0.1, 0.57),
            ],
            colour,
        )
        .ball(0.17, (0, 0.68, 0), colour)
    )


def king(colour: Colour) -> Solid:
    """A chess king."""
    solid = Solid().lathe(
        [
            (0, 0),
            (0.36, 0),
            (0.38, 0.06),
            (0.33, 0.13),
            (0.22, 0.22),
            (0.15, 0.5),
            (0.14, 0.85),
            (0.25, 0.92),
            (0.25, 0.96),
            (0.16, 0.99),
            (0.24, 1.3),
            (0.2, 1.36),
            (0, 1.4),
        ],
        colour,
    )
    return solid.box((0.06, 0.26, 0.06), (0, 1.52, 0), colour).box(
        (0.2, 0.06, 0.06), (0, 1.55, 0), colour
    )


def knight(colour: Colour) -> Solid:
    """A chess knight."""
    solid = Solid().lathe(
        [(0, 0), (0.34, 0), (0.36, 0.06), (0.3, 0.13), (0.2, 0.2), (0.18, 0.28), (0, 0.3)], colour
    )
    spine = [(0, 0.25, -0.08), (0, 0.5, -0.12), (0, 0.75, -0.08), (0, 0.95, 0.02)]
    solid.tube(spine, [0.19, 0.18, 0.16, 0.12], colour).rod(
        (0, 0.92, 0.0), (0, 0.72, 0.3), 0.14, colour, 0.085, round_ends=True
    )
    for s in (1, -1):
        solid.slab([(-0.04, 0), (0.04, 0), (0, 0.15)], 0.04, colour, (s * 0.06, 1.0, -0.03)).ball(
            0.025, (s * 0.125, 0.88, 0.1), BLACK if colour != BLACK else WHITE
        )
    for k in range(5):
        solid.ball((0.05, 0.08, 0.06), (0, 0.5 + 0.11 * k, -0.27 + 0.028 * k), colour, sides=12)
    return solid


def chess_board() -> Solid:
    """A chessboard with a game under way."""
    light, dark = (238, 222, 190), (64, 44, 36)
    solid = Solid().box((9.2, 0.3, 9.2), (0, -0.16, 0), DARK_WOOD)
    for row in range(8):
        for column in range(8):
            solid.box(
                (1, 0.06, 1),
                (column - 3.5, 0.0, row - 3.5),
                light if (row + column) % 2 else (120, 76, 46),
            )
    for column in range(8):
        for row, colour in ((1, dark), (6, light)):
            ahead = {(3, 6): -2, (4, 1): 2, (2, 6): -1}.get((column, row), 0)
            solid.add(pawn(colour), (column - 3.5, 0.03, row + ahead - 3.5), 1.05)
        for row, colour in ((0, dark), (7, light)):
            z = row - 3.5
            if column in (1, 6):
                solid.add(
                    knight(colour), (column - 3.5, 0.03, z), 1.05, (0, 0 if row == 0 else 180, 0)
                )
            elif column == 4:
                solid.add(king(colour), (column - 3.5, 0.03, z), 1.1)
            elif column == 3:
                queen = (
                    Solid()
                    .lathe(
                        [
                            (0, 0),
                            (0.36, 0),
                            (0.33, 0.13),
                            (0.2, 0.25),
                            (0.13, 0.85),
                            (0.24, 0.92),
                            (0.16, 0.98),
                            (0.26, 1.32),
                            (0.1, 1.3),
                            (0, 1.34),
                        ],
                        colour,
                    )
                    .ball(0.08, (0, 1.4, 0), colour)
                )
                solid.add(queen, (column - 3.5, 0.03, z), 1.1)
            elif column in (2, 5):
                bishop = (
                    Solid()
                    .lathe(
                        [
                            (0, 0),
                            (0.33, 0),
                            (0.3, 0.12),
                            (0.17, 0.24),
                            (0.11, 0.65),
                            (0.19, 0.7),
                            (0.11, 0.75),
                            (0.18, 0.92),
                            (0.1, 1.1),
                            (0, 1.18),
                        ],
                        colour,
                    )
                    .ball(0.05, (0, 1.2, 0), colour)
                )
                solid.add(bishop, (column - 3.5, 0.03, z), 1.1)
            else:
                rook = Solid().lathe(
                    [
                        (0, 0),
                        (0.34, 0),
                        (0.3, 0.12),
                        (0.2, 0.22),
                        (0.18, 0.65),
                        (0.26, 0.7),
                        (0.26, 0.88),
                        (0.18, 0.88),
                        (0.18, 0.8),
                        (0, 0.8),
                    ],
                    colour,
                )
                solid.add(rook, (column - 3.5, 0.03, z), 1.05)
    return solid


def dice() -> Solid:
    """Two dice."""
    faces: dict[int, list[tuple[float, float]]] = {
        1: [(0, 0)],
        2: [(-1, -1), (1, 1)],
        3: [(-1, -1), (0, 0), (1, 1)],
        4: [(-1, -1), (-1, 1), (1, -1), (1, 1)],
        5: [(-1, -1), (-1, 1), (1, -1), (1, 1), (0, 0)],
        6: [(-1, -1), (-1, 0), (-1, 1), (1, -1), (1, 0), (1, 1)],
    }
    die = Solid().box((1, 1, 1), (0, 0, 0), WHITE)
    for axis, sign, spots in ((2, 1, 5), (2, -1, 2), (1, 1, 6), (1, -1, 1), (0, 1, 4), (0, -1, 3)):
        for u, v in faces[spots]:
            at = [0.0, 0.0, 0.0]
            at[axis], at[(axis + 1) % 3], at[(axis + 2) % 3] = 0.5 * sign, 0.26 * u, 0.26 * v
            radii = [0.1, 0.1, 0.1]
            radii[axis] = 0.02
            die.ball(
                (radii[0], radii[1], radii[2]),
                (at[0], at[1], at[2]),
                RED if spots == 1 else BLACK,
                sides=20,
            )
    return (
        Solid()
        .add(die, (-0.7, 0.5, 0), 1.0, (0, 20, 0))
        .add(die, (0.65, 0.5, 0.3), 1.0, (90, 0, 35))
    )
