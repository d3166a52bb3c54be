"""Media files: probing, frames, clips, sound; every file is hostile until checked."""
