"""``spark-submit jobs/stage.py …`` is ``curate stage …``, on the cluster it is submitted to."""

import sys

from curation.cli.main import main

if __name__ == "__main__":
    main(["stage", *sys.argv[1:]])
