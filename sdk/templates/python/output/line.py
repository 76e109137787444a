"""A sample as a line of text: name, value and Unix time in seconds."""


def to_line(sample):
    return f"{sample['name']} {sample['value']:.17g} {sample['time_ns'] // 10**9}\n"
