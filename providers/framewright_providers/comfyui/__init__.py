"""Workflows of a person's own at a ComfyUI server."""

from framewright_providers.comfyui.provider import ComfyuiProvider as ComfyuiProvider
from framewright_providers.comfyui.provider import provider as provider
