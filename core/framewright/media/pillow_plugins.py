"""Loads what Pillow would load at the first picture it does not know: once, not in every process.

None of it is used but for the formats of `guards.IMAGE_FORMATS`.
"""

from PIL import Image

Image.init()
