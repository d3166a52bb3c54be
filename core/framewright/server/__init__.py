"""`framewright serve`: the direct API of a workspace, and the door for providers' webhooks.

A thin door to `Studio`, which does all the work. It needs the extra `serve`.
"""
