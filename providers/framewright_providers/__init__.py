"""Those who do the jobs: one module or package for each vendor, found through entry points."""
