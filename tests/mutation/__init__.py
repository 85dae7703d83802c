"""Mutation testing: is a change of what the code says seen by the tests of that code?

``make mutants N=100`` draws mutants of the modules in ``modules.toml``, runs for each the tests
that stand beside its module there, and names those that no test saw.
"""
