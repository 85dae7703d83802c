"""Small changes to a module: a comparison turned, a number off by one, a statement left out.

What decides nothing is left alone: annotations, decorators, docstrings, what errors say.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATIONS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


@dataclass(frozen=True, order=True)
class Mutation:
    """One change: the place of its node among those of the module, and what becomes of it."""

    place: int
    line: int
    column: int
    change: str


def mutations(source: str) -> list[Mutation]:
    """Every change to a module's source that there is, in the order of the source.

    >>> [mutation.change for mutation in mutations("def f(x):\\n    return x < 3")]
    ['return None', 'Lt to LtE', '3 to 4']
    """
    tree = ast.parse(source)
    return [
        Mutation(place, node.lineno, node.col_offset, change)
        for place, node in enumerate(_deciding(tree))
        for change in _changes(node)
    ]


def mutated(source: str, mutation: Mutation) -> ast.Module:
    """The module with that change."""
    tree = ast.parse(source)
    nodes = list(_deciding(tree))
    _Replacement(nodes[mutation.place], mutation.change).visit(tree)
    return ast.fix_missing_locations(tree)


def _deciding(node: ast.AST) -> Iterator[ast.stmt | ast.expr]:
    """The statements and expressions below a node that decide something, depth first."""
    if isinstance(node, (ast.stmt, ast.expr)):
        yield node
    for child in _children(node):
        yield from _deciding(child)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    ignored: set[int] = set()
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        ignored.update(map(id, node.decorator_list))
    if isinstance(node, ast.FunctionDef) and node.returns:
        ignored.add(id(node.returns))
    if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation:
        ignored.add(id(node.annotation))
    if isinstance(node, ast.Raise):
        return
    if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        is_text = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if id(child) not in ignored and not is_text and not isinstance(child, ast.JoinedStr):
            yield child


def _changes(node: ast.stmt | ast.expr) -> list[str]:
    return _changes_of_value(node) if isinstance(node, ast.expr) else _changes_of_act(node)


def _changes_of_value(node: ast.expr) -> list[str]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            return [f"{type(op).__name__} to {COMPARISONS[type(op)].__name__}"]
        case ast.BinOp(op=op) if type(op) in OPERATIONS:
            return [f"{type(op).__name__} to {OPERATIONS[type(op)].__name__}"]
        case ast.BoolOp(op=ast.And()):
            return ["and to or"]
        case ast.BoolOp(op=ast.Or()):
            return ["or to and"]
        case ast.UnaryOp(op=ast.Not()):
            return ["without not"]
        case ast.Constant(value=bool() as value):
            return [f"{value} to {not value}"]
        case ast.Constant(value=int() | float() as number):
            return [f"{number} to {number + 1}"]
        case ast.IfExp():
            return ["always", "never"]
    return []


def _changes_of_act(node: ast.stmt) -> list[str]:
    match node:
        case ast.AugAssign(op=op) if type(op) in OPERATIONS:
            return [f"{type(op).__name__} to {OPERATIONS[type(op)].__name__}"]
        case ast.If():
            return ["always", "never"]
        case ast.While():
            return ["never"]
        case ast.Return(value=value) if value and not _is_none(value):
            return ["return None"]
        case ast.Continue():
            return ["break"]
        case ast.Expr() | ast.Raise() | ast.Delete():
            return ["left out"]
    return []


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


class _Replacement(ast.NodeTransformer):
    def __init__(self, node: ast.AST, change: str) -> None:
        self._node = node
        self._change = change

    def visit(self, node: ast.AST) -> ast.AST:
        return _changed(node, self._change) if node is self._node else self.generic_visit(node)


def _changed(node: ast.AST, change: str) -> ast.AST:
    match node:
        case ast.Compare(ops=[op]):
            node.ops = [COMPARISONS[type(op)]()]
        case ast.BinOp(op=op) | ast.AugAssign(op=op):
            node.op = OPERATIONS[type(op)]()
        case ast.BoolOp(op=op):
            node.op = ast.Or() if isinstance(op, ast.And) else ast.And()
        case ast.UnaryOp(operand=operand):
            return operand
        case ast.Constant(value=bool() as value):
            node.value = not value
        case ast.Constant(value=int() | float() as number):
            node.value = number + 1
        case ast.If() | ast.IfExp() | ast.While():
            node.test = ast.Constant(change == "always")
        case ast.Return():
            node.value = ast.Constant(None)
        case ast.Continue():
            return ast.copy_location(ast.Break(), node)
        case _:
            return ast.copy_location(ast.Pass(), node)
    return node
