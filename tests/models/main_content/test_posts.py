import numpy as np
import pytest

from models.main_content.posts import keep_posts
from models.main_content.reading.blocks import read_blocks
from stages.extract.html import parse

FIRST = "六十的缸养了八条鱼，过滤棉一周就黄了，请问各位是洗得太勤了还是方法不对？"
REPLY = "同意楼上。"


def kept(html, likely):
    blocks, nodes = read_blocks(parse(f"<html><body>{html}</body></html>"))
    chosen = np.array([block.text in likely for block in blocks])
    words = np.array([float(len(block.text)) for block in blocks])
    whole = keep_posts(chosen, words, blocks, nodes)
    return [block.text for block, stays in zip(blocks, whole, strict=True) if stays]


def post(name, text):
    return f"<div><span>老缸</span><div class='{name}'><p>{text}</p></div></div>"


@pytest.mark.parametrize("name", ["t_f", "t_msgfont", "d_post_content j_d_post_content"])
def test_a_short_reply_in_a_thread_is_text(name):
    thread = post(name, FIRST) + post(name, REPLY)
    assert kept(thread, {FIRST}) == [FIRST, REPLY]


def test_where_a_thread_is_text_for_its_first_post_so_are_all_replies():
    replies = [f"{REPLY}{number}{FIRST}" for number in range(9)]
    thread = "".join(post("reply_content", text) for text in [FIRST, *replies])
    assert kept(thread, {FIRST}) == [FIRST, *replies]
    assert kept(thread, {replies[3]}) == [replies[3]]


def test_what_holds_answers_in_any_language_is_known_and_boards_of_chinese_alone():
    question, answer = "Why do bees hang in a beard at the door of the hive?", "It is too warm."
    thread = post("s-prose", question) + post("s-prose js-post-body", answer)
    assert kept(thread, {question}) == [question, answer]
    assert kept(thread.replace("s-prose", "t_f").replace("js-post-body", ""), {question}) == [
        question
    ]


def test_what_held_comments_on_hacker_news_before_they_had_a_class():
    question, reply = "How do you keep nine thousand photographs for decades?", "Print them."
    row = "<table><tr class=athing><td class=ind>1</td><td class=default>{}</td></tr></table>"
    assert kept(row.format(question) + row.format(reply), {question}) == [question, reply]
    other = row.replace("athing", "row")
    assert kept(other.format(question) + other.format(reply), {question}) == [question]


def test_posts_that_are_hardly_chosen_stay_as_they_are():
    assert kept(post("t_f", FIRST) + post("t_f", REPLY), {REPLY}) == [REPLY]


def test_other_elements_are_no_posts():
    assert kept(post("post", FIRST) + post("post", REPLY), {FIRST}) == [FIRST]
