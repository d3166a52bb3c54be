"""The one way in to PyAV, so that threads that need it at the same moment get all of it.

PyAV's modules import each other in circles, and Python lets a second thread that enters such a
circle elsewhere see half-made modules. Every other module takes what it calls from here: Python
makes the second thread wait for this module, and PyAV is whole when it has it.
"""

import av as av
from av.audio.frame import AudioFrame as AudioFrame
from av.audio.resampler import AudioResampler as AudioResampler
from av.audio.stream import AudioStream as AudioStream
from av.codec.codec import UnknownCodecError as UnknownCodecError
from av.error import FFmpegError as FFmpegError
from av.sidedata.sidedata import SideData as SideData
from av.stream import Disposition as Disposition
from av.video.frame import PictureType as PictureType
from av.video.frame import VideoFrame as VideoFrame
from av.video.reformatter import ColorPrimaries as ColorPrimaries
from av.video.reformatter import ColorRange as ColorRange
from av.video.reformatter import Colorspace as Colorspace
from av.video.reformatter import ColorTrc as ColorTrc
from av.video.reformatter import Interpolation as Interpolation
from av.video.reformatter import VideoReformatter as VideoReformatter
from av.video.stream import VideoStream as VideoStream

# FFmpeg's log callback takes a lock between threads and can crash at exit (PyAV 2276, 2394).
av.logging.set_level(None)
