"""From what a language model really wrote to a plan that can run, or to what keeps it from one.

Three families, in this order: `text` (what was written becomes values), `plan` (values become
a plan that fits the catalog), `brief` (the plan does what the person asked for). Everything is
pure and total: any text gives an answer, and repairing a repaired plan changes nothing.
"""
