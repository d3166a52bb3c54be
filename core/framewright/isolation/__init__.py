"""Work on files that nobody vouches for, in processes that may do nothing but that work."""

from framewright.isolation.errand import Errand as Errand
from framewright.isolation.errand import Limits as Limits
from framewright.isolation.pool import Isolates as Isolates
from framewright.isolation.pool import Isolation as Isolation
