"""Short texts of the project's own, good and bad, in both languages."""

ENGLISH = (
    "The town council met on Tuesday to discuss the new bridge. Several members said that the "
    "old one, which was built in 1931, could no longer carry the traffic of a growing region.\n"
    "Engineers had warned for years that the pillars were weak. They inspected the structure "
    "last spring, and their report, although it was careful in tone, left little doubt about "
    "what would have to be done before the winter.\n"
    "A decision is expected next month. Until then lorries must take the longer road through "
    "the valley, because the speed limit alone does not reduce the load on the bridge."
)
CHINESE = (
    "上周二，镇里召开会议，讨论新桥的建设问题。几位代表表示，旧桥建于一九三一年，已经无法承受这个地区不断增长的交通量。\n"
    "工程师多年来一直提醒，桥墩的情况并不好。他们在去年春天检查了整座桥，虽然报告的语气很谨慎，但是结论十分清楚：冬天到来之前必须采取措施。\n"
    "最终的决定预计在下个月公布。在那之前，货车只能绕道山谷，因为仅仅限制车速并不能减轻桥的负担。"
)
ENGLISH_MENU = """\
Home
About us
Contact
Login
Register
Search
Newsletter
Share
Facebook
Read more
View all
Next page
Previous
Sitemap
Privacy policy
© 2020 All rights reserved"""
CHINESE_MENU = """\
首页
新闻
财经
登录
注册
下一页
上一页
更多>>
关于我们
联系我们
网站地图
分享到微博
扫一扫
版权所有
京ICP备000号"""
