"""Documents that hold items of benchmarks: they would be learnt by heart, and scored for it."""

from stages.decontaminate.benchmark_files import Benchmark
from stages.decontaminate.stage import Decontaminate

__all__ = ["Benchmark", "Decontaminate"]
