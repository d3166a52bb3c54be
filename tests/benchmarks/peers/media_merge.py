"""Joins clips through moviepy: size of the first, cut, x264 as ours. Prints the seconds it took."""
# ruff: noqa: T201 - a program of its own, which prints

import sys
import time

from moviepy import ColorClip, CompositeVideoClip, VideoFileClip, concatenate_videoclips

RATE, SIZE = 30, (1280, 720)


def main(target: str, clips: list[str]) -> None:
    """Join the clips."""
    began = time.perf_counter()
    fitted = []
    for name in clips:
        clip = VideoFileClip(name)
        scale = min(SIZE[0] / clip.w, SIZE[1] / clip.h)
        clip = clip.resized(scale).with_position("center")
        ground = ColorClip(SIZE, color=(0, 0, 0), duration=clip.duration)
        fitted.append(CompositeVideoClip([ground, clip], size=SIZE))
    joined = concatenate_videoclips(fitted)
    joined.write_videofile(
        target,
        fps=RATE,
        preset="veryfast",
        codec="libx264",
        audio_codec="aac",
        ffmpeg_params=["-crf", "18", "-x264-params", "mbtree=0"],
        logger=None,
    )
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
