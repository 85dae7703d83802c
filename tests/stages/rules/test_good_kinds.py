"""Short good texts of many kinds, which some rule removed once or might: each is kept."""

import pytest

from schemas.verdict import Decision
from stages.rules import judge

ENGLISH = {
    "news without common words": (
        "Rotterdam police arrested three dockworkers Tuesday. Prosecutors suspect them: smuggling, "
        "bribery, forgery. Customs officers found 410 kilos hidden inside banana crates. Lawyers "
        "declined comment. Judges will hear each case next Monday."
    ),
    "statistics": (
        "Table 3. Rainfall by month (mm), Brackwater station\nJanuary 112, February 87, March 64\n"
        "April 41, May 38, June 22\nJuly 9, August 12, September 35\nOctober 78, November 121, "
        "December 134\nAnnual total 753; mean 62.8; wettest day 41.2 (14 November)\n"
        "Station 41, elevation 212 m. Source: county water office, 2019 survey."
    ),
    "buying guide": (
        "How to choose a second-hand bicycle\nLook at the frame first: rust near the bottom bracket "
        "is a reason to walk away. Spin both wheels and watch the rims against the brake pads.\n"
        'Sellers like to write "satisfaction guaranteed", and shops that are out of stock will '
        "offer you something dearer. Neither should hurry you; a chain costs ten pounds, a bent fork "
        "costs more than the bicycle."
    ),
    "screenplay": (
        "INT. KITCHEN - NIGHT\n\nRain. MARTA stands at the sink.\n\nMARTA\nYou're late.\n\nPAVEL\n"
        "The ferry.\n\nMARTA\nThe ferry. Again.\n\nHe puts a wet parcel on the table.\n\nPAVEL\n"
        "Open it.\n\nMARTA\nWhat is it?\n\nPAVEL\nOpen it and see."
    ),
    "verse": (
        "nobody counted the boats that evening\nnobody called the children in\n"
        "the harbour kept its own small weather\nand salt came off our hands like tin\n\n"
        "we said the names of those still sailing\nwe said them twice and let them go\n"
        "a lamp went out along the headland\nand someone laughed and it was snow"
    ),
    "exam": (
        "1. Which of these is a prime number?\nA) 21  B) 27  C) 29  D) 33\n"
        "2. A train leaves at 9:40 and arrives at 12:15. How long is the journey?\n"
        "A) 2 h 25 min  B) 2 h 35 min  C) 3 h 25 min  D) 3 h 35 min\n"
        "3. Simplify 3(x + 2) - 2(x - 1).\nShow your working. Each question is worth four marks."
    ),
    "box score": (
        "Harriers 4, Millfield 2\nHarriers: Dunn 12, Okafor 33 (pen), 71, Reyes 88\n"
        "Millfield: Shaw 40, Pike 65\nHalf-time: 2-1. Attendance: 1,204. Referee: J. Marsh.\n"
        "Okafor settled a match that had looked lost to nobody but the visitors' bench. His second "
        "came from thirty yards, after Pike had headed level from a corner."
    ),
    "court report": (
        "A man who sold counterfeit Viagra from a lock-up garage was jailed for two years on Friday. "
        "The court heard that he ran an online pharmacy from his mother's address and sent pills "
        "without prescription to some four hundred buyers. Two of them were treated in hospital. "
        "Sentencing him, the judge said that he had put greed before the health of strangers."
    ),
    "advice on passwords": (
        "When a site asks you to create an account, do not reuse a password. Choose four words that "
        "have nothing to do with each other, and write them down at home. If you are asked to reset "
        "your password by e-mail and did not ask for it, do nothing: log in at the address you know "
        "and look there."
    ),
}  # fmt: skip
CHINESE = {
    "五句新闻": (
        "本报讯 昨日上午，江州大桥北引桥封闭检修。施工单位更换伸缩缝十二道，重铺沥青三百米。"
        "交警部门增派警力疏导车流。公交六路、十九路临时改道。预计周五恢复通行。"
    ),
    "统计公报": (
        "2019年全县粮食播种面积42.6万亩，同比增长1.3%；总产量18.9万吨，增长2.1%。"
        "生猪出栏31.2万头，下降8.4%；禽蛋产量1.7万吨，增长5.6%。"
        "规模以上工业增加值26.4亿元，增长7.2%。社会消费品零售总额58.3亿元，增长9.1%。"
    ),
    "网页设计": (
        "设计首页的时候，很多人喜欢把所有东西都堆上去。其实首页只要回答一个问题：来的人能在这里做什么。"
        "“查看更多”这样的按钮最好少用，因为读者不知道点下去会看到什么。\n"
        "登录和注册放在右上角就够了，密码找回另开一页。"
    ),
    "禁毒宣传": (
        "冰毒使人短时间内亢奋，随后是长达数日的疲惫和抑郁。有人因为好奇吸了第一口，以为自己能控制。"
        "公安机关提醒：发现有人赌博、吸毒，可以拨打110举报。戒毒所的医生说，越早求助，越容易走出来。"
    ),
    "法院报道": (
        "昨日，区法院公开审理一起开设网上赌场案。被告人王某租用境外服务器，以百家乐、老虎机等方式招揽赌客，"
        "两年间获利三百余万元。庭审中，被告人当庭认罪。法庭将择期宣判。"
    ),
    "母乳喂养": (
        "产后第三天，许多妈妈会觉得乳房胀痛，这是正常的。可以先用温毛巾热敷几分钟，再让宝宝多吸。"
        "如果阴道出血忽然增多，或者发烧超过三十八度五，应当马上去医院。"
    ),
    "新诗": (
        "没有人数过那天傍晚的船\n没有人喊孩子回家\n港口有它自己的小天气\n盐从我们手上落下\n"
        "我们念还在海上的名字\n念两遍就放他们走\n岬角上有一盏灯灭了\n有人笑了一声\n原来是雪"
    ),
    "对话": (
        "“走吗？”\n“走。”\n“伞呢？”\n“没带。”\n“又没带？”\n“不是没下嘛。”\n"
        "她看看天，把自己的伞往他那边挪了挪。\n“我不用。”他说。\n“我用。”她说，“你高，你撑。”"
    ),
    "转载声明": (
        "老城墙东段的修缮昨天完工，游客可以从南门登上城楼，一直走到东北角的箭楼。"
        "工匠们用的是当年同一个窑口的青砖，每一块都重新编了号。\n"
        "市民可以凭身份证免费参观，开放时间是上午九点到下午五点。\n版权所有，未经授权不得转载。"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENGLISH)
def test_a_short_english_text_of_any_good_kind_is_kept(kind):
    verdict = judge(ENGLISH[kind], language="en")
    assert verdict.decision is Decision.KEEP, verdict.detail


@pytest.mark.parametrize("kind", CHINESE)
def test_a_short_chinese_text_of_any_good_kind_is_kept(kind):
    verdict = judge(CHINESE[kind], language="zh")
    assert verdict.decision is Decision.KEEP, verdict.detail
