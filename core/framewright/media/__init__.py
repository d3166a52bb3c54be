"""Media files: probing, frames, clips, sound; every file is hostile until checked.

Importing any module of this room loads the codecs first, whole and once. Two threads that begin
to import PyAV at different ends at the same time would each get half of it.
"""

import av  # noqa: F401 - see above
import numpy as np  # noqa: F401
import PIL.Image  # noqa: F401
