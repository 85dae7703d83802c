"""Files of items for the tests of a room."""

import json

from stages.decontaminate import Benchmark


def write_benchmark(folder, questions, answers=(), name="exam"):
    """A benchmark of these questions, with ids q0, q1, …"""
    path = folder / f"{name}.jsonl"
    given = [*answers, *[""] * (len(questions) - len(answers))]
    rows = [
        {"id": f"q{number}", "question": question, "answer": answer}
        for number, (question, answer) in enumerate(zip(questions, given, strict=True))
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return Benchmark(name, (str(path),), answer=("answer",), id="id")
