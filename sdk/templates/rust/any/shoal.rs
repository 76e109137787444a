// SPDX-License-Identifier: MIT

//! The comfort over shoal_abi.rs: a plugin is a type with one method, and ends with
//!
//!     shoal_plugin!(metric OpenFiles);
//!     shoal_manifest!(concat!(r#"{"id": "open_files", "abi": ""#, shoal_abi_text!(), r#"", ...}"#));
//!
//! Keep both files beside the plugin. Return a Failure to say why a call fails and what the agent
//! shall do next; a panic ends here and counts as a bug.

use crate::shoal_abi as abi;
use std::os::raw::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{ffi::CString, io, ptr, slice};

/// What all plugins have. A refusal of the options is Failure::config.
pub trait Plugin: Sized {
    fn new(context: Context) -> Result<Self, Failure>;
    fn start(&mut self, _call: &Call) -> Result<(), Failure> {
        Ok(())
    }
    fn stop(&mut self, _call: &Call) -> Result<(), Failure> {
        Ok(())
    }
}
pub trait Metric: Plugin {
    fn collect(&mut self, round: &mut Round) -> Result<(), Failure>;
}
pub trait Check: Plugin {
    fn check(&mut self, round: &mut Round) -> Result<Verdict, Failure>;
}
pub trait Output: Plugin {
    /// Records that were neither delivered nor rejected stay for a later try.
    fn deliver(&mut self, batch: &mut Batch) -> Result<(), Failure>;
}

pub struct Failure {
    pub status: abi::Status,
    pub reason: String,
}
impl Failure {
    pub fn config(reason: impl Into<String>) -> Self {
        Failure { status: abi::CONFIG, reason: reason.into() }
    }
    pub fn retry(reason: impl Into<String>) -> Self {
        Failure { status: abi::RETRY, reason: reason.into() }
    }
}
impl From<String> for Failure {
    fn from(reason: String) -> Self {
        Failure { status: abi::FAILED, reason }
    }
}
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        error.to_string().into()
    }
}

/// What a check comes to: abi::CHECK_OK and its kin, and a text for people.
pub struct Verdict {
    pub status: u32,
    pub text: String,
}

impl abi::Text {
    pub fn of(bytes: &[u8]) -> Self {
        abi::Text { data: bytes.as_ptr(), size: bytes.len() }
    }
    pub fn bytes(&self) -> &[u8] {
        unsafe { slice::from_raw_parts(self.data, self.size) }
    }
    pub fn to_text(&self) -> String {
        String::from_utf8_lossy(self.bytes()).into_owned()
    }
}
impl abi::Array {
    fn of<T>(all: &[T]) -> Self {
        let stride = std::mem::size_of::<T>() as u32;
        abi::Array { data: all.as_ptr() as *const c_void, count: all.len() as u32, stride }
    }
    /// # Safety
    /// T is what the headers say the array is of.
    pub unsafe fn at<T>(&self, index: u32) -> &T {
        assert!(index < self.count);
        &*((self.data as *const u8).add(self.stride as usize * index as usize) as *const T)
    }
}

/// A declared series.
#[derive(Clone, Copy)]
pub struct Series(u32);

/// The agent as one configured plugin sees it. Any thread may use it.
#[derive(Clone, Copy)]
pub struct Context {
    host: &'static abi::Host,
    raw: abi::HostContext,
}
unsafe impl Send for Context {}
unsafe impl Sync for Context {}

impl Context {
    pub fn log(&self, level: u32, message: &str) {
        (self.host.log)(self.raw, level, abi::Text::of(message.as_bytes()));
    }

    pub fn gauge(&self, name: &str, unit: &str) -> Result<Series, Failure> {
        self.declare(abi::GAUGE, name, unit, &[])
    }
    /// The agent makes a rate of it, per second.
    pub fn counter(&self, name: &str, unit: &str) -> Result<Series, Failure> {
        self.declare(abi::COUNTER, name, unit, &[])
    }
    pub fn declare(
        &self, kind: u32, name: &str, unit: &str, labels: &[(&str, &str)],
    ) -> Result<Series, Failure> {
        let labels = labels_of(labels);
        let series = abi::Series {
            size: std::mem::size_of::<abi::Series>() as u32,
            kind,
            name: abi::Text::of(name.as_bytes()),
            unit: abi::Text::of(unit.as_bytes()),
            labels: abi::Array::of(&labels),
            per_seconds: 1.0,
        };
        let mut handle = 0;
        explained((self.host.declare)(self.raw, &series, &mut handle))?;
        Ok(Series(handle))
    }

    // Options, by JSON pointer ("/path"). The manifest's schema has been checked and its defaults
    // are filled in; None is for what has no default.
    pub fn text(&self, pointer: &str) -> Option<String> {
        let mut value = abi::Text::of(b"");
        self.option(pointer, |options, name| (options.text)(self.raw, name, &mut value))?;
        Some(value.to_text())
    }
    pub fn integer(&self, pointer: &str) -> Option<i64> {
        let mut value = 0;
        self.option(pointer, |options, name| (options.integer)(self.raw, name, &mut value))?;
        Some(value)
    }
    pub fn number(&self, pointer: &str) -> Option<f64> {
        let mut value = 0.0;
        self.option(pointer, |options, name| (options.number)(self.raw, name, &mut value))?;
        Some(value)
    }
    pub fn boolean(&self, pointer: &str) -> Option<bool> {
        let mut value = 0;
        self.option(pointer, |options, name| (options.boolean)(self.raw, name, &mut value))?;
        Some(value != 0)
    }
    /// How many elements or members.
    pub fn count(&self, pointer: &str) -> Option<u32> {
        let mut value = 0;
        self.option(pointer, |options, name| (options.count)(self.raw, name, &mut value))?;
        Some(value)
    }

    /// What is kept under that key across restarts.
    pub fn state(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        let mut value: Vec<u8> = Vec::new();
        let user = &mut value as *mut Vec<u8> as *mut c_void;
        let state = self.service::<abi::State>("shoal.state/1")?;
        let status = (state.get)(self.raw, abi::Text::of(key.as_bytes()), receive_text, user);
        explained(status)?;
        Ok(if status == abi::OK { Some(value) } else { None })
    }
    pub fn set_state(&self, key: &str, value: &[u8]) -> Result<(), Failure> {
        let state = self.service::<abi::State>("shoal.state/1")?;
        explained((state.put)(self.raw, abi::Text::of(key.as_bytes()), abi::Text::of(value)))
    }

    /// A table of services.h, for what has no comfort here.
    pub fn service<T>(&self, id: &str) -> Result<&'static T, Failure> {
        let name = CString::new(id).expect("an id without a zero");
        let table = (self.host.service)(self.host, name.as_ptr()) as *const T;
        // Tables outlive the plugin.
        unsafe { table.as_ref() }.ok_or_else(|| Failure {
            status: abi::UNSUPPORTED,
            reason: format!("this host has no {}", id),
        })
    }

    fn option(
        &self, pointer: &str,
        read: impl FnOnce(&abi::Options, *const std::os::raw::c_char) -> abi::Status,
    ) -> Option<()> {
        let options = self.service::<abi::Options>("shoal.options/1").ok()?;
        let name = CString::new(pointer).ok()?;
        if read(options, name.as_ptr()) == abi::OK { Some(()) } else { None }
    }

    fn explain(&self, reason: &str) {
        if !reason.is_empty() {
            (self.host.explain)(self.raw, abi::Text::of(reason.as_bytes()));
        }
    }
}

fn labels_of(pairs: &[(&str, &str)]) -> Vec<abi::Label> {
    let text = |text: &str| abi::Text::of(text.as_bytes());
    pairs.iter().map(|(key, value)| abi::Label { key: text(key), value: text(value) }).collect()
}

/// A failing status of a host function, which has already said why.
fn explained(status: abi::Status) -> Result<(), Failure> {
    if status < 0 { Err(Failure { status, reason: String::new() }) } else { Ok(()) }
}

extern "C" fn receive_text(user: *mut c_void, text: abi::Text) {
    unsafe { &mut *(user as *mut Vec<u8>) }.extend_from_slice(text.bytes());
}

pub struct Request<'a> {
    pub method: &'a str,
    pub url: &'a str,
    pub headers: &'a [(&'a str, &'a str)],
    pub body: &'a [u8],
    pub timeout_ms: u32, // 0: the host's
}

#[derive(Default)]
pub struct Response {
    pub status: i32,
    pub retry_after_ms: u32,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// One call.
pub struct Call<'a> {
    context: &'a Context,
    raw: &'a abi::Call,
}
impl Call<'_> {
    pub fn attempt(&self) -> u32 {
        self.raw.attempt
    }
    pub fn scheduled_ns(&self) -> i64 {
        self.raw.scheduled_ns
    }
    pub fn is_cancelled(&self) -> bool {
        let cancel = unsafe { (self.raw.cancel as *const AtomicU32).as_ref() };
        cancel.map_or(false, |flag| flag.load(Ordering::Relaxed) != 0)
    }
    /// Sends a request through the host; its answer, whatever the status.
    pub fn http(&self, request: &Request) -> Result<Response, Failure> {
        let http = self.context.service::<abi::Http>("shoal.http/1")?;
        let headers = labels_of(request.headers);
        let raw = abi::HttpRequest {
            size: std::mem::size_of::<abi::HttpRequest>() as u32,
            flags: 0,
            method: abi::Text::of(request.method.as_bytes()),
            url: abi::Text::of(request.url.as_bytes()),
            headers: abi::Array::of(&headers),
            body: abi::Text::of(request.body),
            timeout_ms: request.timeout_ms,
            max_response_bytes: 0,
            proxy: abi::Text::of(b""),
            ca_file: abi::Text::of(b""),
        };
        let mut response = Response::default();
        let user = &mut response as *mut Response as *mut c_void;
        explained((http.request)(self.context.raw, self.raw, &raw, receive_response, user))?;
        Ok(response)
    }
}

extern "C" fn receive_response(user: *mut c_void, raw: *const abi::HttpResponse) {
    let (response, raw) = unsafe { (&mut *(user as *mut Response), &*raw) };
    response.status = raw.status;
    response.retry_after_ms = raw.retry_after_ms;
    response.body = raw.body.bytes().to_vec();
    for index in 0..raw.headers.count {
        let header: &abi::Label = unsafe { raw.headers.at(index) };
        response.headers.push((header.key.to_text(), header.value.to_text()));
    }
}

/// A round of a metric or check. Points are handed over together when it ends, also in a failure.
pub struct Round<'a> {
    pub call: Call<'a>,
    points: Vec<abi::Point>,
}
impl Round<'_> {
    pub fn emit(&mut self, series: Series, value: f64) {
        self.points.push(abi::Point { series: series.0, flags: 0, time_ns: 0, value });
    }
}

/// Records on their way out.
pub struct Batch<'a> {
    pub call: Call<'a>,
    raw: &'a abi::Batch,
    delivery: &'a mut abi::Delivery,
}
pub enum Record<'a> {
    Sample(&'a abi::Sample),
    CheckResult(&'a abi::CheckResult),
    Event(&'a abi::Event),
    Metadata(&'a abi::Metadata),
    GraphDefinition(&'a abi::GraphDefinition),
    Unknown, // of a newer host: say delivered
}
impl<'a> Batch<'a> {
    pub fn len(&self) -> u32 {
        self.raw.records.count
    }
    pub fn record(&self, index: u32) -> Record<'a> {
        let raw: &'a abi::Batch = self.raw;
        unsafe {
            let record: &abi::Record = raw.records.at(index);
            match record.kind {
                0 => Record::Sample(&*record.sample),
                1 => Record::CheckResult(&*record.check_result),
                2 => Record::Event(&*record.event),
                3 => Record::Metadata(&*record.metadata),
                4 => Record::GraphDefinition(&*record.graph_definition),
                _ => Record::Unknown,
            }
        }
    }
    pub fn deliver(&mut self, index: u32) {
        self.decide(index, abi::VERDICT_DELIVERED);
    }
    pub fn reject(&mut self, index: u32) {
        self.decide(index, abi::VERDICT_REJECTED);
    }
    pub fn deliver_all(&mut self) {
        (0..self.len()).for_each(|index| self.deliver(index));
    }
    /// The receiver's own wish before the next try.
    pub fn retry_after_ms(&mut self, wait: u32) {
        self.delivery.retry_after_ms = wait;
    }
    fn decide(&mut self, index: u32, verdict: u8) {
        assert!(index < self.len());
        unsafe { *self.delivery.verdicts.add(index as usize) = verdict };
    }
}

// What the host calls. Nothing unwinds into it.

struct Instance<T> {
    context: Context,
    plugin: T,
}

fn guarded(context: &Context, body: impl FnOnce() -> Result<(), Failure>) -> abi::Status {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => abi::OK,
        Ok(Err(failure)) => {
            context.explain(&failure.reason);
            failure.status
        }
        Err(cause) => {
            let text = cause.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| cause.downcast_ref::<&str>().copied());
            context.explain(&format!("panic: {}", text.unwrap_or("of a kind without words")));
            abi::BUG
        }
    }
}

/// The host lets no two calls overlap on an instance.
unsafe fn parts<'a, T>(
    instance: abi::Instance, call: *const abi::Call,
) -> (&'a mut T, Call<'a>) {
    let own = &mut *(instance as *mut Instance<T>);
    (&mut own.plugin, Call { context: &own.context, raw: &*call })
}

pub extern "C" fn create<T: Plugin>(
    given: *const abi::Create, made: *mut abi::Instance,
) -> abi::Status {
    let given = unsafe { &*given };
    let context = Context { host: unsafe { &*given.host }, raw: given.context };
    guarded(&context, || {
        let plugin = T::new(context)?;
        unsafe { *made = Box::into_raw(Box::new(Instance { context, plugin })) as abi::Instance };
        Ok(())
    })
}

pub extern "C" fn start<T: Plugin>(instance: abi::Instance, call: *const abi::Call) -> abi::Status {
    let (plugin, call) = unsafe { parts::<T>(instance, call) };
    guarded(call.context, || plugin.start(&call))
}

pub extern "C" fn stop<T: Plugin>(instance: abi::Instance, call: *const abi::Call) -> abi::Status {
    let (plugin, call) = unsafe { parts::<T>(instance, call) };
    guarded(call.context, || plugin.stop(&call))
}

pub extern "C" fn destroy<T: Plugin>(instance: abi::Instance) {
    let own = unsafe { Box::from_raw(instance as *mut Instance<T>) };
    let context = own.context;
    guarded(&context, || Ok(drop(own)));
}

pub extern "C" fn collect<T: Metric>(
    instance: abi::Instance, call: *const abi::Call,
) -> abi::Status {
    let (plugin, call) = unsafe { parts::<T>(instance, call) };
    let context = call.context;
    let mut round = Round { call, points: Vec::new() };
    let status = guarded(context, || plugin.collect(&mut round));
    let (points, count) = (round.points.as_ptr(), round.points.len());
    let emitted = match count {
        0 => abi::OK,
        _ => (context.host.emit)(context.raw, round.call.raw, points, count),
    };
    if status == abi::OK { emitted } else { status }
}

pub extern "C" fn check<T: Check>(instance: abi::Instance, call: *const abi::Call) -> abi::Status {
    let (plugin, call) = unsafe { parts::<T>(instance, call) };
    let context = call.context;
    let mut round = Round { call, points: Vec::new() };
    guarded(context, || {
        let verdict = plugin.check(&mut round)?;
        let report = abi::CheckReport {
            size: std::mem::size_of::<abi::CheckReport>() as u32,
            status: verdict.status,
            text: abi::Text::of(verdict.text.as_bytes()),
            points: abi::Array::of(&round.points),
        };
        explained((context.host.report)(context.raw, round.call.raw, &report))
    })
}

pub extern "C" fn deliver<T: Output>(
    instance: abi::Instance, call: *const abi::Call, batch: *const abi::Batch,
    delivery: *mut abi::Delivery,
) -> abi::Status {
    let (plugin, call) = unsafe { parts::<T>(instance, call) };
    let context = call.context;
    let (raw, delivery) = unsafe { (&*batch, &mut *delivery) };
    guarded(context, || plugin.deliver(&mut Batch { call, raw, delivery }))
}

/// A table of the plugin's kind, or none.
pub const fn none<T>() -> *const T {
    ptr::null()
}

/// The one exported function: shoal_plugin!(metric Type), or check, or output.
#[macro_export]
macro_rules! shoal_plugin {
    (metric $type:ty) => {
        static KIND: $crate::shoal_abi::Metric =
            $crate::shoal_abi::Metric { size: 16, flags: 0, collect: $crate::shoal::collect::<$type> };
        shoal_plugin!($type, &KIND, $crate::shoal::none(), $crate::shoal::none());
    };
    (check $type:ty) => {
        static KIND: $crate::shoal_abi::Check =
            $crate::shoal_abi::Check { size: 16, flags: 0, check: $crate::shoal::check::<$type> };
        shoal_plugin!($type, $crate::shoal::none(), &KIND, $crate::shoal::none());
    };
    (output $type:ty) => {
        static KIND: $crate::shoal_abi::Output =
            $crate::shoal_abi::Output { size: 16, flags: 0, deliver: $crate::shoal::deliver::<$type> };
        shoal_plugin!($type, $crate::shoal::none(), $crate::shoal::none(), &KIND);
    };
    ($type:ty, $metric:expr, $check:expr, $output:expr) => {
        static PLUGIN: $crate::shoal_abi::Plugin = $crate::shoal_abi::Plugin {
            size: 64,
            flags: 0,
            create: $crate::shoal::create::<$type>,
            start: Some($crate::shoal::start::<$type>),
            stop: Some($crate::shoal::stop::<$type>),
            destroy: $crate::shoal::destroy::<$type>,
            metric: $metric,
            check: $check,
            output: $output,
        };
        static MODULE: $crate::shoal_abi::Module = $crate::shoal_abi::Module {
            size: 24,
            abi_major: $crate::shoal_abi::ABI_MAJOR,
            abi_minor: $crate::shoal_abi::ABI_MINOR,
            reserved: 0,
            plugin: &PLUGIN,
        };
        #[no_mangle]
        pub extern "C" fn shoal_module_v1() -> *const $crate::shoal_abi::Module {
            &MODULE
        }
    };
}

/// The manifest: one JSON object, as shoal/manifest.h has it.
#[macro_export]
macro_rules! shoal_manifest {
    ($json:expr) => {
        #[used]
        #[link_section = ".note.shoal"]
        static MANIFEST: $crate::shoal_abi::Note<{ $json.len() + 1 }> =
            $crate::shoal_abi::note($json);
    };
}
