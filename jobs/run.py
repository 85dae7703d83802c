"""``spark-submit jobs/run.py …`` is ``curate run …``, on the cluster it is submitted to."""

import sys

from curation.cli.main import main

if __name__ == "__main__":
    main(["run", *sys.argv[1:]])
