"""A plugin exports one symbol. More would let plugins bind to each other's inline functions.

exported_symbols_test.py MODULE.so...
"""

import subprocess
import sys
import unittest

MODULES = sys.argv[1:]


def exported_by(module):
    lines = subprocess.run(["nm", "--dynamic", "--defined-only", "--format=posix", module],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    return [line.split()[0] for line in lines]


class ExportedSymbols(unittest.TestCase):
    def test_are_the_one_function(self):
        self.assertTrue(MODULES, "no built plugin was named on the command line")
        for module in MODULES:
            with self.subTest(module=module):
                self.assertEqual(exported_by(module), ["shoal_module_v1"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
