"""Good text in two languages, and for each rule a text that breaks it."""

GOOD = {
    "en": (
        "The river rises in the hills above the town and runs south for about ninety miles.\n"
        "In spring, when the snow melts, it floods the meadows on both banks, and farmers have "
        "learned to leave them to the cattle. A mill stood here until the last century.\n"
        "Visitors can still see the wheel, which was restored by a group of volunteers in 1998, "
        "and walk along the old towpath to the next village. Most of them come back with wet feet."
    ),
    "zh": (
        "这条河发源于小镇北面的山里，向南流了大约一百公里，最后汇入大江。\n"
        "春天雪化的时候，河水会漫过两岸的草地，所以农民们早就学会了把那里留给牛羊，而不是种上庄稼。"
        "上个世纪这里还有一座水磨坊，磨坊主人的后代至今住在村里。\n"
        "游客现在仍然可以看到那只巨大的木轮，它是在1998年由一群志愿者修好的。"
        "沿着旧时的纤道走上半个小时，就能到下一个村子，只是回来的时候鞋子多半是湿的。"
    ),
    "zh-Hant": (
        "這條河發源於小鎮北面的山裡，向南流了大約一百公里，最後匯入大江。\n"
        "春天雪化的時候，河水會漫過兩岸的草地，所以農民們早就學會了把那裡留給牛羊，而不是種上莊稼。"
        "上個世紀這裡還有一座水磨坊，磨坊主人的後代至今住在村裡。\n"
        "遊客現在仍然可以看到那隻巨大的木輪，它是在1998年由一群志願者修好的。"
        "沿著舊時的纖道走上半個小時，就能到下一個村子，只是回來的時候鞋子多半是濕的。"
    ),
}

_EN = GOOD["en"]
_ZH = GOOD["zh"]
_FIRST = {"en": _EN.split("\n")[0], "zh": _ZH.split("\n")[0]}


def _grams(word: str, size: int) -> str:
    """The same run of ``size`` words, each time between words that differ."""
    run = " ".join(f"{word}{i}" for i in range(size))
    return " ".join(f"x{i} {run}" for i in range(12))


_SHARED = {
    "min_characters": "Short.",
    "max_diff_lines_ratio": "diff --git a/x b/x\n@@ -1,2 +1,3 @@\n-old\n+new\n@@ -9 +9 @@\n-a\n+b",
    "max_filler_phrases": "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod.",
    "max_garbled_ratio": "\ufffd" * 9 + "words",
    "max_garbled_words_ratio": "caf\ufffd na\ufffdve",
    "max_mojibake_ratio": "ItÃ©s Ã©tÃ© â€™ donâ€™t",
    "max_latin_1_ratio": "ÖÐ¹úÈËÃñ",
    "max_template_ratio": "{{name}} ${user} &nbsp; <% page %>",
    "max_code_line_characters_ratio": "var x = 1;\nfunction (a) { return document.write(a); }",
    "max_brace_ratio": "{ } { } { } a b",
    "max_address_characters_ratio": "http://a.example/b\nhttp://c.example/d\nhttps://e.example/f",
    "max_separated_lines_ratio": "Home | News | Contact\nA > B > C",
    "max_digit_lines_ratio": "2020-01-01\n$ 12.99\n15:30\n12345",
    "max_newlines_per_token": "a\nb\nc\nd\ne",
    "max_duplicate_paragraphs_ratio": "same\n\nsame\n\nsame",
    "max_duplicate_paragraph_characters_ratio": "same\n\nsame\n\nsame",
    "max_duplicate_lines_ratio": "same\n" * 9,
    "max_duplicate_line_characters_ratio": "same\nsame\nsame\nsame",
    "max_top_2_gram_ratio": "big dog " * 9,
    "max_top_3_gram_ratio": "big red dog " * 9,
    "max_top_4_gram_ratio": "big red hot dog " * 9,
    **{f"max_duplicate_{n}_gram_ratio": _grams("word", n) for n in range(5, 11)},
    "min_words": "Too few words",
    "max_words": "a b c d e " * 20_001,
    "min_mean_word_length": "a b c d e f g",
    "max_mean_word_length": "incomprehensibilities misunderstandings",
    "max_hashes_per_token": "# a # b # c",
    "max_ellipses_per_token": "a... b... c...",
    "max_bullet_lines_ratio": "- a\n• b\n* c\n● d",
    "max_ellipsis_lines_ratio": "it goes on…\nand on...\nand on…",
    "min_alphabetic_words_ratio": "1 2 3 4 5 a",
    "max_long_words_ratio": "a" * 50,
    "min_distinct_words_ratio": "spam " * 99,
    "max_mark_ratio": "!?! ?!? a",
    "max_digit_ratio": "123 456 a",
    "max_uppercase_ratio": "SHOUTING ALL DAY",
    "max_fragment_lines_ratio": "One\nTwo\nThree",
    "max_fragment_line_characters_ratio": "One\nTwo\nThree",
    "min_sentences_per_1000_characters": "no end " * 50,
}

FAULTY = {
    "en": _SHARED
    | {
        "max_wiki_diff_phrases": "Revision as of 1 May. ← Older edit. Latest revision as of 2 May. "
        "Newer edit → here",
        "max_spam_phrases": "online casino, free spins, poker online, betting sites, buy viagra, "
        "buy cialis, payday loans online, replica watches, porn, hentai",
        "max_spam_phrases_ratio": "Online casino, free spins, poker online, betting sites!",
        "max_advertisement_phrases_ratio": "Buy now! Free shipping. Add to cart.",
        "max_registration_phrases_ratio": "Sign in or create an account. Forgot password?",
        "max_notice_phrases_ratio": "Page not found. Please enable JavaScript.",
        "max_policy_phrases_ratio": "Privacy policy. Terms of use. All rights reserved.",
        "max_more_phrases_ratio": "A storm. Read more\nA flood. Continue reading",
        "min_stop_words": "Mills, wheels, cattle, meadows.",
        "min_function_words_ratio": "cheap flights london paris hotels",
        "max_loose_words_ratio": "cheap flights, london hotels, paris trains.",
        "max_loose_line_words_ratio": "cheap flights london paris hotels",
        "max_misplaced_ratio": "the of a to the and an in the is a with the " * 3,
    },
    "zh": _SHARED
    | {
        "max_rare_han_ratio": "鐨勬槸鍦ㄤ簡涓€涓",
        "max_wiki_diff_phrases": "2020年的修订版本 ←上一编辑 下一编辑→ 版本间的差异 第1行：",
        "max_spam_phrases": "百家乐 老虎机 时时彩 六合彩 葡京 亚博 办证 刻章 私服 裸聊",
        "max_spam_phrases_ratio": "百家乐、老虎机、时时彩，注册送彩金，北京赛车。",
        "max_advertisement_phrases_ratio": "立即购买，限时优惠，全国包邮！咨询热线",
        "max_registration_phrases_ratio": "请先登录。用户名 密码 验证码 忘记密码",
        "max_notice_phrases_ratio": "您访问的页面不存在，正在跳转。",
        "max_policy_phrases_ratio": "版权所有 京公网安备 隐私政策",
        "max_more_phrases_ratio": "大雨来了。阅读全文\n洪水退了。查看详情",
        "min_stop_words": "水磨坊，木轮，牛羊。",
        "min_function_words_ratio": "水磨坊，木轮，牛羊，草地，河水。",
        "max_loose_words_ratio": "网站建设，搜索优化，快速排名，营销推广。",
        "max_loose_line_words_ratio": "网站建设 搜索优化 快速排名",
        "max_misplaced_ratio": "，的磨坊。了河水、们农民，的草地，着村子" * 3,
        "max_mean_word_length": "incomprehensibilities misunderstandings",
        "min_mean_word_length": "水 火 土 木 金 山 石",
        "min_han_ratio": "Only English words stand in this text.",
    },
}

PAGES = {
    "max_listed_host": {"url": "http://www.hugedomains.com/x"},
    "max_listed_url": {"url": "https://a.example/login?next=/"},
    "max_listed_title": {"title": "404 Not Found"},
    "max_listed_diff_url": {"url": "https://a.example/w/index.php?title=B&diff=7&oldid=6"},
}
