"""Reads a folder of MDS shards as MosaicML's streaming does, and prints the rows as JSON.

In a process of its own, which has that package on its path, beside our versions of what it uses.
"""

import importlib.util
import json
import sys
from types import ModuleType


def without_pictures():
    """Let the package's parts be imported without its top, which wants torchvision."""
    package = ModuleType("streaming")
    package.__path__ = importlib.util.find_spec("streaming").submodule_search_locations
    sys.modules["streaming"] = package


def main(folder):
    without_pictures()
    from streaming.base import StreamingDataset
    from torch.utils.data import DataLoader

    dataset = StreamingDataset(local=folder, batch_size=1, shuffle=False, validate_hash="sha256")
    rows = list(dataset)
    loader = DataLoader(dataset, batch_size=8, collate_fn=list)
    tokens = [row["tokens"] for some in loader for row in some]
    sys.stdout.write(
        json.dumps({"rows": rows, "last": dataset[len(dataset) - 1], "tokens": tokens})
    )


if __name__ == "__main__":
    main(sys.argv[1])
