import pytest
from lxml import html as lxml_html

from models.main_content import read_lines
from models.main_content.reading.mathml import MAX_DEPTH, to_tex
from stages.extract.html import parse

MATH = (
    "<math><semantics><mrow><msup><mi>e</mi><mi>x</mi></msup></mrow>"
    "<annotation encoding='application/x-tex'>e^x</annotation></semantics></math>"
)
KATEX = (
    f"<span class=katex><span class=katex-mathml>{MATH}</span>"
    "<span class=katex-html aria-hidden=true><span>e</span><span>x</span></span></span>"
)
WAYS = {
    "KaTeX": KATEX,
    "MathML with its source": MATH,
    "MathML with a text for it": "<math alttext='e^x'><mi>e</mi></math>",
    "MathML alone": "<math><msup><mi>e</mi><mi>x</mi></msup></math>",
    "MathJax 2": "<span class=MathJax_Preview>e</span><span class=MathJax><nobr>ex</nobr>"
    f"<span class=MJX_Assistive_MathML>{MATH}</span></span><script type=math/tex>e^x</script>",
    "MathJax 2, not run": "<script type='math/tex'>e^x</script>",
    "MathJax 3": "<mjx-container><mjx-math aria-hidden=true><mjx-mi>e</mjx-mi></mjx-math>"
    "<mjx-assistive-mml><math><msup><mi>e</mi><mi>x</mi></msup></math></mjx-assistive-mml>"
    "</mjx-container>",
    "a wiki": "<span class=mwe-math-element><span class=mwe-math-mathml-inline style='display:none'>"
    "<math alttext='{\\displaystyle e^x}'><mi>e</mi></math></span>"
    "<img class=mwe-math-fallback-image-inline alt='{\\displaystyle e^x}' aria-hidden=true></span>",
    "an old wiki": "<img class=tex alt='e^x' src=/math/1.png>",
    "an image of a service": "<img alt='e^x' src='https://example.org/latex.php?tex=e^x'>",
    "a source in an attribute": "<span class=ztext-math data-tex='e^x'>e^x</span>",
}


MATRIX = (
    "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr>"
    "<mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable>"
)


def lines(html):
    return read_lines(parse(f"<html><body>{html}</body></html>"))


@pytest.mark.parametrize("way", WAYS)
def test_a_formula_is_read_once_as_its_source(way):
    assert lines(f"<p>Let {WAYS[way]} be given.</p>") == ["Let $e^x$ be given."]


def test_a_formula_that_stands_by_itself_has_two_dollars():
    assert lines(f"<p>a</p><p><span class=katex-display>{KATEX}</span></p>") == ["a", "$$e^x$$"]
    assert lines("<script type='math/tex; mode=display'>a+b</script>") == ["$$a+b$$"]


def test_an_image_that_says_what_it_shows_is_no_formula():
    assert lines("<p>a <img alt='A red boat' src=/boat.jpg> b</p>") == ["a b"]
    assert lines("<p>a <img alt=next src=/latex2html/icons/next.png> b</p>") == ["a b"]
    assert lines(r"<p>a <img alt='C:\photos\boat.jpg'> b</p>") == ["a b"]


@pytest.mark.parametrize(
    ("inner", "tex"),
    [
        ("<msub><mi>a</mi><mn>12</mn></msub>", "a_{12}"),
        ("<msubsup><mi>a</mi><mi>i</mi><mn>2</mn></msubsup>", "a_i^2"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>i</mi>", "∑_i^ni"),
        ("<mroot><mi>x</mi><mn>3</mn></mroot>", r"\sqrt[3]{x}"),
        ("<mi>f</mi><mo>\u2061</mo><mfenced><mi>x</mi><mi>y</mi></mfenced>", "f(x,y)"),
        (MATRIX, r"\begin{matrix} 1 & 0 \\ 0 & 1 \end{matrix}"),
        ("<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>", "{a+b}^2"),
        ("<msup></msup>", ""),
    ],
)
def test_mathml_without_a_source_becomes_tex(inner, tex):
    assert to_tex(lxml_html.fromstring(f"<math>{inner}</math>")) == tex


def test_mathml_of_any_depth_is_read():
    deep = "<mrow>" * 5 * MAX_DEPTH + "<mi>x</mi>"
    assert lines(f"<p><math>{deep}</math></p>") == ["$x$"]
