"""How many files are open on this host, and how many may be."""


def parse_file_nr(text):
    """Open and possible files, from the text of /proc/sys/fs/file-nr."""
    words = text.split()
    if len(words) != 3 or not all(word.isdigit() for word in words):
        raise ValueError(f'expected three numbers, found "{text[:80]}"')
    return int(words[0]), int(words[2])


def read_file_nr(path):
    with open(path, encoding="ascii", errors="replace") as file:
        return parse_file_nr(file.read())
