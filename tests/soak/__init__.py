"""Delivery after delivery on one root, until a million pages are in: does anything grow?"""
