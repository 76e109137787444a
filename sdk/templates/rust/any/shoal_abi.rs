// SPDX-License-Identifier: MIT

//! shoal/*.h in Rust: the same structs, in the same order, under the same names. The headers are
//! their manual. Each size is checked when this is compiled.

use std::mem::size_of;
use std::os::raw::{c_char, c_void};

/// The version of the headers that this file repeats; for manifests and the module's table.
#[macro_export]
macro_rules! shoal_abi_text {
    () => {
        "1.0"
    };
}
pub const ABI_MAJOR: u32 = (shoal_abi_text!().as_bytes()[0] - b'0') as u32;
pub const ABI_MINOR: u32 = (shoal_abi_text!().as_bytes()[2] - b'0') as u32;

pub type Status = i32;
pub const OK: Status = 0;
pub const NOTHING: Status = 1;
pub const RETRY: Status = -1;
pub const CONFIG: Status = -2;
pub const AUTH: Status = -3;
pub const REJECTED: Status = -4;
pub const UNSUPPORTED: Status = -5;
pub const CANCELLED: Status = -6;
pub const DEADLINE: Status = -7;
pub const PERMISSION: Status = -8;
pub const BUG: Status = -9;
pub const FAILED: Status = -10;

pub const GAUGE: u32 = 0;
pub const COUNTER: u32 = 1;
pub const INTERVAL: u32 = 2;

pub const CHECK_OK: u32 = 0;
pub const CHECK_WARNING: u32 = 1;
pub const CHECK_CRITICAL: u32 = 2;
pub const CHECK_UNKNOWN: u32 = 3;

pub const VERDICT_RETRY: u8 = 0;
pub const VERDICT_DELIVERED: u8 = 1;
pub const VERDICT_REJECTED: u8 = 2;

pub const LOG_DEBUG: u32 = 0;
pub const LOG_INFO: u32 = 1;
pub const LOG_WARNING: u32 = 2;
pub const LOG_ERROR: u32 = 3;

pub const HTTP_NO_KEEP_ALIVE: u32 = 1;
pub const HTTP_NO_VERIFY: u32 = 2;

/// Declares structs, and that they are as large as C's.
macro_rules! c_structs {
    ($($(#[$note:meta])* $size:literal $name:ident { $($member:ident: $type:ty,)* })*) => {
        $(
            $(#[$note])*
            #[repr(C)]
            #[derive(Clone, Copy)]
            pub struct $name { $(pub $member: $type,)* }
            const _: () = assert!(size_of::<$name>() == $size);
        )*
    };
}

/// What create() stored, and the host's side of it.
pub type Instance = *mut c_void;
pub type HostContext = *mut c_void;
pub type ReceiveText = extern "C" fn(user: *mut c_void, text: Text);
pub type ReceiveResponse = extern "C" fn(user: *mut c_void, response: *const HttpResponse);
type Ask = extern "C" fn(HostContext, ReceiveText, *mut c_void) -> Status;
type Control = extern "C" fn(Instance, *const Call) -> Status;

// types.h
c_structs! {
    16 Text { data: *const u8, size: usize, }
    32 Label { key: Text, value: Text, }
    16 Array { data: *const c_void, count: u32, stride: u32, }
    24 Point { series: u32, flags: u32, time_ns: i64, value: f64, }
    32 Call { size: u32, attempt: u32, scheduled_ns: i64, deadline_ns: i64, cancel: *const u32, }
}

// plugin.h
c_structs! {
    64 Series {
        size: u32, kind: u32, name: Text, unit: Text, labels: Array, per_seconds: f64,
    }
    40 CheckReport { size: u32, status: u32, text: Text, points: Array, }
    56 Host {
        size: u32, abi_minor: u32,
        service: extern "C" fn(*const Host, *const c_char) -> *const c_void,
        log: extern "C" fn(HostContext, u32, Text),
        explain: extern "C" fn(HostContext, Text),
        declare: extern "C" fn(HostContext, *const Series, *mut u32) -> Status,
        emit: extern "C" fn(HostContext, *const Call, *const Point, usize) -> Status,
        report: extern "C" fn(HostContext, *const Call, *const CheckReport) -> Status,
    }
    56 Create {
        size: u32, reserved: u32, host: *const Host, context: HostContext, job: Text,
        options_json: Text,
    }
    16 Metric { size: u32, flags: u32, collect: Control, }
    16 Check { size: u32, flags: u32, check: Control, }
    24 Batch { size: u32, reserved: u32, records: Array, }
    24 Delivery { size: u32, retry_after_ms: u32, verdicts: *mut u8, next_offer_ns: i64, }
    16 Output {
        size: u32, flags: u32,
        deliver: extern "C" fn(Instance, *const Call, *const Batch, *mut Delivery) -> Status,
    }
    64 Plugin {
        size: u32, flags: u32,
        create: extern "C" fn(*const Create, *mut Instance) -> Status,
        start: Option<Control>, stop: Option<Control>,
        destroy: extern "C" fn(Instance),
        metric: *const Metric, check: *const Check, output: *const Output,
    }
    24 Module {
        size: u32, abi_major: u32, abi_minor: u32, reserved: u32, plugin: *const Plugin,
    }
}

// services.h
c_structs! {
    48 Options {
        size: u32, reserved: u32,
        text: extern "C" fn(HostContext, *const c_char, *mut Text) -> Status,
        integer: extern "C" fn(HostContext, *const c_char, *mut i64) -> Status,
        number: extern "C" fn(HostContext, *const c_char, *mut f64) -> Status,
        boolean: extern "C" fn(HostContext, *const c_char, *mut u32) -> Status,
        count: extern "C" fn(HostContext, *const c_char, *mut u32) -> Status,
    }
    24 Clock {
        size: u32, reserved: u32,
        unix_ns: extern "C" fn(HostContext) -> i64,
        steady_ns: extern "C" fn(HostContext) -> i64,
    }
    32 State {
        size: u32, reserved: u32,
        get: extern "C" fn(HostContext, Text, ReceiveText, *mut c_void) -> Status,
        put: extern "C" fn(HostContext, Text, Text) -> Status,
        remove: extern "C" fn(HostContext, Text) -> Status,
    }
    112 HttpRequest {
        size: u32, flags: u32, method: Text, url: Text, headers: Array, body: Text,
        timeout_ms: u32, max_response_bytes: u32, proxy: Text, ca_file: Text,
    }
    48 HttpResponse {
        size: u32, status: i32, retry_after_ms: u32, reserved: u32, headers: Array, body: Text,
    }
    16 Http {
        size: u32, reserved: u32,
        request: extern "C" fn(
            HostContext, *const Call, *const HttpRequest, ReceiveResponse, *mut c_void,
        ) -> Status,
    }
    48 Identity {
        size: u32, reserved: u32,
        host_name: Ask, host_id: Ask,
        set_host_id: extern "C" fn(HostContext, Text) -> Status,
        host_spec: Ask, jobs: Ask,
    }
}

// records.h
c_structs! {
    88 Sample {
        size: u32, origin: u32, name: Text, unit: Text, labels: Array, value: f64, time_ns: i64,
        custom_identifier: Text,
    }
    80 CheckResult {
        size: u32, status: u32, name: Text, text: Text, time_ns: i64, samples: Array,
        custom_identifier: Text,
    }
    112 Event {
        size: u32, from: u32, to: u32, is_hard: u32, id: Text, job: Text, text: Text,
        dedupe_key: Text, time_ns: i64, since_ns: i64, links: Array,
    }
    48 Metadata { size: u32, reserved: u32, name: Text, json: Text, time_ns: i64, }
    40 GraphMetric { size: u32, is_stacked: u32, name: Text, label: Text, }
    72 GraphDefinition {
        size: u32, origin: u32, name: Text, label: Text, unit: Text, metrics: Array,
    }
    /// The pointer that `kind` names is set, in the order of the members.
    48 Record {
        size: u32, kind: u32, sample: *const Sample, check_result: *const CheckResult,
        event: *const Event, metadata: *const Metadata, graph_definition: *const GraphDefinition,
    }
}

// Constant tables, which any thread may read.
unsafe impl Sync for Metric {}
unsafe impl Sync for Check {}
unsafe impl Sync for Output {}
unsafe impl Sync for Plugin {}
unsafe impl Sync for Module {}

/// The ELF note that holds a manifest (manifest.h).
#[repr(C, align(4))]
pub struct Note<const N: usize> {
    owner_size: u32,
    json_size: u32,
    kind: u32,
    owner: [u8; 8],
    json: [u8; N],
}

/// `N` is the length of the JSON and its closing zero.
pub const fn note<const N: usize>(json: &str) -> Note<N> {
    let mut bytes = [0; N];
    let mut at = 0;
    while at < json.len() {
        bytes[at] = json.as_bytes()[at];
        at += 1;
    }
    Note { owner_size: 6, json_size: N as u32, kind: 1, owner: *b"SHOAL\0\0\0", json: bytes }
}
