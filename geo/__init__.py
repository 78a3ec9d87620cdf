"""The Lao SDG activity map without a browser: read, check, place, judge, count, draw and export.

Imports go down the floors only; ``tests/test_floors.py`` names each module's floor.
"""
