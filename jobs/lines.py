"""``spark-submit jobs/lines.py …`` is ``curate lines …``, on the cluster it is submitted to."""

import sys

from curation.cli.main import main

if __name__ == "__main__":
    main(["lines", *sys.argv[1:]])
