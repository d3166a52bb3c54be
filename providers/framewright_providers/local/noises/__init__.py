"""The scratch effects, by kind: each a function of length and chance that returns stereo."""
