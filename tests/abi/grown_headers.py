#!/usr/bin/env python3
"""grown_headers.py INCLUDE TARGET: the headers as a pretended 1.1 could have them. Every struct that
may grow has one more member, and SHOAL_GROWN is defined."""

import pathlib
import re
import sys

source, target = map(pathlib.Path, sys.argv[1:])
(target / "shoal").mkdir(parents=True, exist_ok=True)
for header in source.glob("shoal/*"):
    text = header.read_text()
    text = re.sub(r"(typedef struct \w+ \{\n  uint32_t size;.*?)\n\}", r"\1\n  const void* later;\n}",
                  text, flags=re.DOTALL)
    text = text.replace("#define SHOAL_ABI_MINOR 0", "#define SHOAL_ABI_MINOR 1\n#define SHOAL_GROWN 1")
    (target / "shoal" / header.name).write_text(text)
(target / "stamp").touch()
