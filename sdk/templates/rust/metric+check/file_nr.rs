//! How many files are open on this host, and how many may be.

pub struct FileNr {
    pub open: f64,
    pub most: f64,
}

/// Reads the text of /proc/sys/fs/file-nr.
pub fn parse(text: &str) -> Result<FileNr, String> {
    let numbers: Vec<f64> = text.split_whitespace().flat_map(|word| word.parse()).collect();
    match numbers[..] {
        [open, _, most] => Ok(FileNr { open, most }),
        _ => Err(format!("expected three numbers, found {:?}", text.trim())),
    }
}

pub fn read(path: &str) -> Result<FileNr, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {}", path, error))?;
    parse(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_recorded_file() {
        let found = read("testdata/file-nr").unwrap();

        assert_eq!((found.open, found.most), (1184.0, 2466170.0));
    }

    #[test]
    fn says_what_it_found_instead() {
        let reason = parse("1184 files\n").err().unwrap();

        assert_eq!(reason, "expected three numbers, found \"1184 files\"");
    }
}
