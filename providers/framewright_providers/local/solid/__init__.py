"""Solid things: meshes turned, drawn out and put together, with their pictures, as glTF files."""
