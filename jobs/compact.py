"""``spark-submit jobs/compact.py …`` is ``curate compact …``, on the cluster it is submitted to."""

import sys

from curation.cli.main import main

if __name__ == "__main__":
    main(["compact", *sys.argv[1:]])
