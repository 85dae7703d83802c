"""The text of a document is the one that the stage of the task was given."""

import pytest

from curation.labelling.run_documents import ends, open_run
from curation.labelling.run_texts import read_texts
from curation.labelling.tasks import find_task
from tests.curation.labelling.finished_run import NAV, STEPS, Page, write_run


def texts_of(folder, task):
    run = open_run(str(folder), find_task(task))
    return {found.ended.doc_id: found.text for found in read_texts(run, list(ends(run)))}


@pytest.mark.parametrize("ending", ["", "page_type", "clutter", "quality", "rules"])
@pytest.mark.parametrize("task", ["page_type", "clutter"])
def test_the_text_is_what_the_stage_was_given_lines_that_were_cut_since_included(
    tmp_path, task, ending
):
    page = Page(1, f"{NAV}\n\nA story.\n{NAV}\nIts end.", ends=ending)
    assert texts_of(write_run(tmp_path, [page]), task) == {page.doc_id: page.text}


def test_a_stage_behind_the_cuts_has_the_text_that_they_left(tmp_path):
    page = Page(1, f"{NAV}\nA story.")
    assert texts_of(write_run(tmp_path, [page]), "quality") == {page.doc_id: "A story."}


def test_where_one_step_runs_all_stages_lines_are_put_back(tmp_path):
    page = Page(1, f"{NAV}\nA story.\n{NAV}\nIts end.\n{NAV}")
    steps = {"all": tuple(name for stages in STEPS.values() for name in stages)}
    assert texts_of(write_run(tmp_path, [page], steps=steps), "page_type") == {
        page.doc_id: page.text
    }
