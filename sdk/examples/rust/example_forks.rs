// SPDX-License-Identifier: MIT

//! Counters: how many processes and context switches begin each second. Build it anywhere, with
//! shoal.rs and shoal_abi.rs beside it, as `shoal plugin new metric NAME --lang rust` puts them:
//!   rustc --edition 2021 -O --crate-type cdylib -o example_forks.so example_forks.rs

#[allow(dead_code)]
#[path = "../../templates/rust/any/shoal.rs"]
mod shoal;
#[allow(dead_code)]
#[macro_use]
#[path = "../../templates/rust/any/shoal_abi.rs"]
mod shoal_abi;

use shoal::{Context, Failure, Metric, Plugin, Round, Series};

shoal_plugin!(metric Forks);
shoal_manifest!(concat!(
    r#"{"id": "example_forks", "version": "1.0.0", "abi": ""#, shoal_abi_text!(), r#"",
  "kind": "metric",
  "summary": "how many processes and context switches begin each second",
  "options": {
    "path": {"type": "string", "default": "/proc/stat", "description": "where the kernel counts"}
  },
  "series": [
    {"name": "example_forks.processes", "kind": "counter", "unit": "float"},
    {"name": "example_forks.switches", "kind": "counter", "unit": "float"}
  ]
}"#));

struct Forks {
    path: String,
    processes: Series,
    switches: Series,
}

impl Plugin for Forks {
    fn new(context: Context) -> Result<Self, Failure> {
        Ok(Forks {
            path: context.text("/path").unwrap_or_default(),
            processes: context.counter("example_forks.processes", "float")?,
            switches: context.counter("example_forks.switches", "float")?,
        })
    }
}

impl Metric for Forks {
    fn collect(&mut self, round: &mut Round) -> Result<(), Failure> {
        let stat = std::fs::read_to_string(&self.path)
            .map_err(|error| format!("{}: {}", self.path, error))?;
        round.emit(self.processes, self.number_of(&stat, "processes")?);
        round.emit(self.switches, self.number_of(&stat, "ctxt")?);
        Ok(())
    }
}

impl Forks {
    /// The number of a line "NAME NUMBER".
    fn number_of(&self, stat: &str, name: &str) -> Result<f64, String> {
        stat.lines()
            .filter_map(|line| line.split_once(' '))
            .find(|(first, _)| *first == name)
            .and_then(|(_, number)| number.parse().ok())
            .ok_or_else(|| format!("{}: expected a line {} with a number", self.path, name))
    }
}
