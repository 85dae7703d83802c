"""``spark-submit jobs/pack.py …`` is ``curate pack …``, on the cluster it is submitted to."""

import sys

from curation.cli.main import main

if __name__ == "__main__":
    main(["pack", *sys.argv[1:]])
