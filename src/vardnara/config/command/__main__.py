"""``python -m vardnara.config.command``: how the supervisor starts a part, whatever the PATH."""

import sys

from vardnara.config.command import main

sys.exit(main())
