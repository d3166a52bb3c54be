"""The process that a device's models run in: plain, and alone with torch and diffusers.

It knows nothing of the rest of Framewright, so that it runs in any Python that has torch. It reads
orders from its standard input and says what comes of them on its standard output, each a line of
JSON; pictures go in and out as files of raw pixels, three bytes each, row by row.

```
orders   {"do": "run", "job", "weights", "mode", "arguments", "pictures", "seed", "folder"}
         {"do": "cancel", "job"}
sayings  {"say": "hello", "device", "name", "torch", "diffusers", "capacity"}
         {"say": "phase", "job", "phase"}        loading, rendering
         {"say": "step", "job", "done", "of"}
         {"say": "done", "job", "file", "width", "height", "frames", "passed_over", "memory", …}
         {"say": "stopped", "job"}
         {"say": "failed", "job", "code", "text", "memory"}
```
"""
