"""Numbers that are claimed by creating a file, and never given twice: of runs, and of model versions."""

import os


class Claims:
    """The claims in ``folder``: files named 1, 2, 3, … without a gap."""

    def __init__(self, folder):
        self._folder = folder

    def last(self):
        """The highest number claimed; 0 where there is none."""
        low, high = 0, 1
        while self._is_claimed(high):
            low, high = high, high * 2
        while high - low > 1:
            middle = (low + high) // 2
            if self._is_claimed(middle):
                low = middle
            else:
                high = middle
        return low

    def claim(self, content):
        """Claims the next number; ``content`` is what the claim says. Raises ``OSError``."""
        number = self.last() + 1
        while True:
            try:
                with open(self.path(number), "x", encoding="utf-8") as file:
                    file.write(content)
                return number
            except FileExistsError:
                number += 1

    def path(self, number):
        return os.path.join(self._folder, str(number))

    def _is_claimed(self, number):
        return os.path.lexists(self.path(number))
