import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stages.hosts import normal_host, respell
from stages.url_filter import keys as url_keys
from stages.url_filter.blocklist import _write, url_keys_of

pieces = st.sampled_from(
    [
        *["http://", "HTTPS://", "//", "www.", "a.test", "B.Example", ":80", ":", ".", "..", "@"],
        *["/", "//", "/./", "/../", "?", "&", "#", "%41", "%2f", "%2E", "%3F", "%zz", "%", "\\"],
        *["1.2.3.4", "0x7f", "[::1]", "é", "路", " ", "\t", "x_y-z", "xn--", "~", "=", "www.ck"],
    ]
)


def spelt(keys, i):
    """Host and path of a key, as ``respell`` spells them."""
    start, host, end = keys.starts[i], keys.hosts[i], keys.ends[i]
    return keys.data[start:host][::-1].tobytes(), keys.data[host:end].tobytes()


@settings(max_examples=500, deadline=None)  # the first call compiles
@given(st.lists(pieces, max_size=8).map("".join))
@example("http://a.test/%2e%2e/b")
@example("a.test?x//")
def test_the_fast_way_spells_what_the_careful_way_spells(url):
    data = url.encode()
    keys = _write(url_keys.write_keys, data, [len(data)])
    if keys.ends[0] < 0:
        return
    careful = respell(url)
    again = _write(url_keys.write_respelled, careful, [len(careful)])
    assert spelt(keys, 0) == spelt(again, 0)


@settings(deadline=None)
@given(st.lists(st.text(max_size=20) | st.lists(pieces, max_size=6).map("".join), max_size=8))
def test_a_url_has_the_same_key_in_any_batch(urls):
    together = url_keys_of(urls)
    for i, url in enumerate(urls):
        alone = url_keys_of([url])
        assert (alone.ends[0] < 0) == (together.ends[i] < 0)
        if alone.ends[0] >= 0:
            assert spelt(alone, 0) == spelt(together, i)


@given(st.lists(pieces, max_size=8).map("".join))
def test_spelling_a_spelt_url_again_changes_nothing_of_its_host(url):
    host = respell(url).partition(b"/")[0].decode()
    assert normal_host(host) == host


def test_no_urls_have_no_keys():
    assert url_keys_of([]).starts.tolist() == []
    assert url_keys_of([]).data.dtype == np.uint8


def test_a_host_that_is_spelled_in_more_than_any_host_is_none():
    assert normal_host("例" * 60 + ".example") != ""
    assert normal_host("例" * 1100 + ".example") == ""
    assert normal_host("%e4%be%8b" * 60 + ".example") == normal_host("例" * 60 + ".example")
    assert normal_host("%41" * 5000) == ""
