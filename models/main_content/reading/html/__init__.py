"""HTML as the arrays of `PageElements`, in one compiled pass, with the elements of libxml2's tree.

``rules``: which tags close and imply others. ``page``: what is read and written. ``levels``: the
open elements. ``text``, ``tags``: what stands between tags, and in them. ``parse``:
the loop over a page.
"""
