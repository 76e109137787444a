//! A sample as a line of text: name, value and Unix time in seconds.

pub fn to_line(name: &str, value: f64, time_ns: i64) -> String {
    format!("{} {} {}\n", name, value, time_ns / 1_000_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_a_recorded_file() {
        let recorded = std::fs::read_to_string("testdata/lines.txt").unwrap();

        let lines = to_line("cpu.user.percentage", 12.5, 1_767_366_000_000_000_000)
            + &to_line("loadavg1", 0.25, 1_767_366_060_000_000_000);

        assert_eq!(lines, recorded);
    }
}
