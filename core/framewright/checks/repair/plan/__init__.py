"""Values become a plan that fits the catalog: ids, references, models, inputs, media, order."""
