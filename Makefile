# make run                 set up, make a sample crawl and run the pipeline on it
# make run INPUT="A B"     the same on WARC files, folders or globs of yours
# make test                set up everything and run the tests, and name the slowest
# make test-slow           the tests that take long, which make test leaves out; make test-all: both
# make coverage            the tests, with the lines that none of them ran
# make env                 set up everything
# make check               format, lint, types, import rules
# make growth              processor time of every stage and parser on hostile input up to 400 kB (docs/hostile.md)
# make fuzz N=50000         so many damaged files for all that reads what others wrote (docs/hostile.md)
# make fuzz-guided SECONDS=60  the same, led by coverage: seconds of a processor for each target, or TARGET=NAME
# make faults-long N=100    so many runs with a process of each killed, and each run again (docs/integrity.md)
# make same-bytes           a sample crawl run in every way that must not matter (docs/integrity.md)
# make soak N=1000000       delivery after delivery on one root, in soak/: does anything grow? (docs/integrity.md)
# make small-checkpoints  tiny random checkpoints for conf/dots_llm1_small.toml, in checkpoints/small
# make cluster-page        what docs/cluster.md says, on a cluster of its own: the same shards?
# make docs                the tables of settings in docs/ and the licences in NOTICE, as they are now
# make mutants N=100       changes to the code that no test sees, of so many that are drawn
# make site                the pages of docs/ as a site, in site/
# make bench               every benchmark, on DATA=FOLDER; figures go to standard output.
#                          PEER=PYTHON LID_MODEL=FILE: datatrove's own, beside the whole pipeline;
#                          EXTRACTORS=PYTHON: those that are no dependencies, beside extraction

PYTHON ?= python3
# Set to nothing, it lets what is compiled stay: a process that imports a pipeline starts a third sooner.
export PYTHONDONTWRITEBYTECODE :=
VENV := .venv
BIN := $(VENV)/bin
CONF ?= conf/local.toml
DATA ?= ../shared/data
# A root of its own for each: batches of one root are judged against each other.
ROOT ?= runs/$(if $(INPUT),crawl,sample)
BENCH := $(BIN)/python -m benchmarks
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
# Compiled at once: every process of a run imports, and workers may not be able to write here.
INSTALL := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --constraint constraints.txt
# Behind an index that lets nothing be kept, each installation unpacks pyspark into uv's cache anew (1.9 GB): what nothing refers to any more goes.
PRUNE := $(BIN)/uv cache prune --quiet

.PHONY: run test test-slow test-all coverage env check bench format docs growth fuzz fuzz-guided faults-long same-bytes soak mutants site cluster-page small-checkpoints

run: $(VENV)/.ready $(if $(INPUT),,sample/truth.jsonl)
	$(BIN)/curate run $(CONF) $(or $(INPUT),sample --truth sample/truth.jsonl) --root $(ROOT)

sample/truth.jsonl: | $(VENV)/.ready
	$(BIN)/curate sample-crawl sample

test: env
	$(PYTEST) --durations=30 -m "not slow"

test-slow: env
	$(PYTEST) --durations=30 -m slow

test-all: env
	$(PYTEST) --durations=30

coverage: env
	$(PYTEST) --cov --cov-report=term

env: $(VENV)/.complete

check: env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/mkdocs build --quiet --strict

format: env
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# In a folder of its own; takes minutes. Not among the tests.
cluster-page:
	$(PYTHON) -m benchmarks.cluster_page $$(mktemp -d)/checkout

site: env
	$(BIN)/mkdocs build --strict

docs: env
	$(BIN)/python -m curation.cli.config_pages docs/configuration.md docs/stages/*.md
	$(BIN)/python -m curation.cli.notice NOTICE

mutants: env
	$(BIN)/python -m tests.mutation $(or $(N),100) --seed $(or $(SEED),1)

# What these find is kept in a file, so that they go on where they were stopped: delete it to begin anew.
growth: env
	$(BIN)/python -m tests.hostile.growth --journal $(or $(FOUND),.growth.jsonl)

fuzz: env
	$(BIN)/python -m tests.hostile.fuzz $(or $(N),50000) --seed $(or $(SEED),1) --journal $(or $(FOUND),.fuzz.jsonl)

# atheris is no dependency: it is in a folder of its own, once somebody wants it.
fuzz-guided: env $(VENV)/atheris/.ready
	PYTHONPATH=$(VENV)/atheris $(BIN)/python -m tests.hostile.fuzz.guided $(or $(SECONDS),60) $(if $(TARGET),--target $(TARGET)) --folder $(or $(FOUND),.fuzz-guided)

$(VENV)/atheris/.ready: tests/atheris.txt | $(VENV)/.complete
	$(INSTALL) --no-deps --target $(@D) --requirement $<
	touch $@

faults-long: env
	$(BIN)/python -m tests.faults $(or $(N),100) --seed $(or $(SEED),1) --journal $(or $(FOUND),.faults.jsonl)

same-bytes: env
	$(BIN)/python -m tests.same_bytes $(if $(PAGES),--pages $(PAGES)) --journal $(or $(FOUND),.same-bytes.jsonl)

soak: env
	$(BIN)/python -m tests.soak $(or $(N),1000000) --folder soak --journal $(or $(FOUND),.soak.jsonl)

small-checkpoints: env
	$(BIN)/python -m curation.finetuning.small_checkpoints checkpoints/small

# DATA is a folder of real pages and labelled sets; benchmarks/README.md tells what it must hold.
bench: env
	$(BENCH).layout
	$(BENCH).source
	$(BENCH).source_account
	$(BENCH).url_filter
	$(BENCH).extraction $(DATA)/extraction $(if $(EXTRACTORS),--peer $(EXTRACTORS))
	$(BENCH).early_exit $(DATA)
	$(BENCH).extraction_folds $(DATA)/extraction
	$(BENCH).confidence $(DATA)
	$(BENCH).charsets $(DATA)
	$(BENCH).language $(DATA)
	$(BENCH).identity
	$(BENCH).standardise $(DATA)
	$(BENCH).line_dedup
	$(BENCH).batches
	$(BENCH).reach
	$(BENCH).stage_costs $(DATA)
	$(BENCH).classifiers $(DATA)
	$(BENCH).workers
	$(BENCH).summaries
	$(BENCH).whole_pipeline
	$(BENCH).memory
	$(BENCH).forecast
	$(BENCH).rules $(DATA)
	$(BENCH).rules_agreement $(DATA)
	$(BENCH).rules_speed --data $(DATA)
	$(BENCH).privacy $(DATA)
	$(BENCH).decontamination $(DATA)
	$(BENCH).sandbox
	$(BENCH).guard
	$(BENCH).tokens $(DATA) 6
	$(BENCH).minhash $(DATA)
	$(BENCH).fuzzy_quality $(DATA)/dedup
	$(BENCH).fuzzy_scale
	$(BENCH).gpu_classifiers --shape small
	$(BENCH).semantic
	$(BENCH).semantic_quality $(DATA)
	$(BENCH).clutter $(DATA)
	$(BENCH).losses $(DATA)
	$(BENCH).category $(DATA)
	$(BENCH).category_folds $(DATA) $(if $(FASTTEXT),--fasttext $(FASTTEXT))
	$(BENCH).balance
	$(BENCH).tokenizer $(DATA)
	$(BENCH).packing $(DATA)
	$(BENCH).end_to_end $(DATA) $(if $(PEER),--peer $(PEER) --lid-model $(LID_MODEL))

# What the pipeline needs on embedded models.
$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	$(INSTALL) --editable .
	-$(PRUNE)
	touch $@

# torch comes by pip, from wherever pip is set up to find its builds; the rest follows it.
$(VENV)/.complete: $(VENV)/.ready tests/mds-reader.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(INSTALL) --editable '.[models,dev]'
	$(INSTALL) --no-deps --target $(VENV)/mds-reader --requirement tests/mds-reader.txt
	-$(PRUNE)
	touch $@
