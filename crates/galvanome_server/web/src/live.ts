// htmx, for the pages on which something changes in place.

import htmx from "htmx.org";

htmx.config.defaultTimeout = 15_000;
