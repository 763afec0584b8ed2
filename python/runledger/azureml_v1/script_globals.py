"""Names that a submitted script has without importing them."""

import os
import sys


def give_script_globals():
    """Gives the script of a submitted run the modules ``os`` and ``sys``, unless it has such names itself.

    Azure ML ran scripts with ``runpy.run_path``, in the global names of its own launcher. Scripts came to depend on that
    without anybody noticing.
    """
    main = sys.modules.get("__main__")
    if os.environ.get("RUNLEDGER_RUN_ID") and main is not None:
        for module in (os, sys):
            vars(main).setdefault(module.__name__, module)
