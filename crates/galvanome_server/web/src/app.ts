// What every page has. Each part looks for what it serves and does nothing where that is missing.

import { localiseTimes } from "./times";
import { offerTheme } from "./theme_switch";

offerTheme();
localiseTimes();
