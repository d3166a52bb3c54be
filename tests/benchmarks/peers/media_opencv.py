"""Last frames and small pictures through OpenCV. Prints the best seconds of some rounds of each."""
# ruff: noqa: T201 - a program of its own, which prints

import sys
import time
from pathlib import Path

import cv2

ROUNDS = 5


def last_frame(path: str) -> bool:
    """Go to the last frame that the container counts, as most programs do."""
    video = cv2.VideoCapture(path)
    video.set(cv2.CAP_PROP_POS_FRAMES, video.get(cv2.CAP_PROP_FRAME_COUNT) - 1)
    return video.read()[0]


def small(paths: list[str], side: int) -> None:
    """Decode each picture and shrink it well."""
    for path in paths:
        image = cv2.imread(path)
        scale = side / max(image.shape[:2])
        cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def best(work) -> float:
    """Return the seconds of the quickest round."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    film, folder, longest = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    stills = sorted(map(str, folder.glob("*.jpg")))
    print(best(lambda: last_frame(film)), best(lambda: small(stills, longest)))
