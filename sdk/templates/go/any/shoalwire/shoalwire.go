// SPDX-License-Identifier: MIT

// Package shoalwire speaks wire protocol 1 of the shoal agent, so that a plugin is a type with one
// method. Keep this folder in your module.
//
// Hand Run a function that makes a Metric, a Check or an Output from its options. Return a Failure
// to say why a call fails and what the agent shall do next; any other error counts as "failed".
// Calls come one at a time; the methods of Agent may be used from any goroutine.
package shoalwire

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"
	"sync"
	"time"
	"unicode/utf8"
)

// Metric says samples in each round.
type Metric interface{ Collect(*Round) error }

// Check judges in each round; the text is for people.
type Check interface {
	Check(*Round) (Status, string, error)
}

// Output delivers batches. Nil means that the batch's Verdicts hold: delivered, unless it changed
// them.
type Output interface{ Deliver(*Batch) error }

// Starter opens what making the plugin may not. Optional.
type Starter interface{ Start(*Call) error }

// Stopper says farewell. Optional.
type Stopper interface{ Stop(*Call) error }

// Status is the verdict of a check.
type Status int

const (
	OK Status = iota
	Warning
	Critical
	Unknown
)

// What became of a record.
const (
	Retry = iota
	Delivered
	Rejected
)

// Failure is an error with a status: retry, config, auth, rejected, unsupported, cancelled,
// deadline, permission, bug or failed.
type Failure struct{ Status, Reason string }

func (f Failure) Error() string { return f.Reason }

// Call is what all calls have. Its context ends at the deadline, or when the agent cancels.
type Call struct {
	context.Context
	Attempt     int
	ScheduledNs int64

	id   int64
	wire *wire
}

// Round is one of a metric or check.
type Round struct {
	Call
	samples []Sample
	dropped int
}

// Sample is one value. Kind: gauge (if empty), counter or interval.
type Sample struct {
	Name       string      `json:"name"`
	Value      float64     `json:"value"`
	Kind       string      `json:"kind,omitempty"`
	Unit       string      `json:"unit,omitempty"`
	Labels     [][2]string `json:"labels,omitempty"`
	PerSeconds float64     `json:"per_seconds,omitempty"`
	TimeNs     int64       `json:"time_ns,omitempty"`
}

const samplesAFrame = 1000

// Say adds a sample to the round. Values that are no numbers are dropped and counted.
func (r *Round) Say(sample Sample) {
	if math.IsNaN(sample.Value) || math.IsInf(sample.Value, 0) {
		r.dropped++
		return
	}
	r.samples = append(r.samples, sample)
	if len(r.samples) == samplesAFrame {
		r.wire.send(fields{"type": "samples", "id": r.id, "samples": r.samples})
		r.samples = nil
	}
}

// Gauge says a value as it stands now.
func (r *Round) Gauge(name string, value float64, unit string) {
	r.Say(Sample{Name: name, Value: value, Unit: unit})
}

// Batch is records on their way out.
type Batch struct {
	Call
	Records      []Record
	Verdicts     []int // one for each record, preset to Delivered
	RetryAfterMs int64 // the receiver's own wish before the next try
	NextOfferNs  int64 // Unix time of the next regular offer
}

// Record holds the members of its kind (docs/wire-protocol.md); the others are empty.
type Record struct {
	Kind             string
	Name             string
	Value            float64
	TimeNs           int64 `json:"time_ns"`
	Unit             string
	Origin           string
	Labels           [][2]string
	CustomIdentifier string `json:"custom_identifier"`
	Status           Status
	Text             string
	Samples          []Record
	ID               string
	Job              string
	From             Status
	To               Status
	IsHard           bool   `json:"is_hard"`
	SinceNs          int64  `json:"since_ns"`
	DedupeKey        string `json:"dedupe_key"`
	Links            [][2]string
	JSON             string
	Label            string
	Metrics          []struct {
		Name      string
		Label     string
		IsStacked bool `json:"is_stacked"`
	}
}

// Agent is the agent as one configured plugin sees it.
type Agent struct {
	Job string

	options json.RawMessage
	wire    *wire
}

// Options fills the struct that `into` points to.
func (a *Agent) Options(into any) error {
	if err := json.Unmarshal(a.options, into); err != nil {
		return Failure{"config", err.Error()}
	}
	return nil
}

// Log writes a line to the agent's log. Level: debug, info, warning or error.
func (a *Agent) Log(level, message string) {
	a.wire.send(fields{"type": "log", "level": level, "message": message})
}

// State is what is kept under that key across restarts, or nil.
func (a *Agent) State(key string) ([]byte, error) {
	answer, err := a.wire.ask("state.get", fields{"key": key})
	if err != nil || answer.Status == "nothing" {
		return nil, err
	}
	return bytesOf(answer.Value, answer.ValueBase64), nil
}

// SetState is durable when it returns nil.
func (a *Agent) SetState(key string, value []byte) error {
	_, err := a.wire.ask("state.put", withBytes(fields{"key": key}, "value", value))
	return err
}

func (a *Agent) RemoveState(key string) error {
	_, err := a.wire.ask("state.remove", fields{"key": key})
	return err
}

// Identity tells host_name, host_id, host_spec or jobs; empty if there is none.
func (a *Agent) Identity(what string) (string, error) {
	answer, err := a.wire.ask("identity."+what, fields{})
	return answer.Value, err
}

// HTTPRequest is sent by the agent: its TLS, its proxies, its limits. Zero means the default.
type HTTPRequest struct {
	Method, URL      string
	Headers          [][2]string
	Body             []byte
	TimeoutMs        int
	MaxResponseBytes int
	Proxy, CAFile    string
	NoKeepAlive      bool
	NoVerify         bool
}

type HTTPResponse struct {
	Status       int
	Headers      [][2]string
	Body         []byte
	RetryAfterMs int64
}

// HTTP returns the answer, whatever its status; an error if there is none.
func (a *Agent) HTTP(request HTTPRequest) (HTTPResponse, error) {
	asked := fields{"method": request.Method, "url": request.URL}
	for name, text := range map[string]string{"proxy": request.Proxy, "ca_file": request.CAFile} {
		if text != "" {
			asked[name] = text
		}
	}
	for name, number := range map[string]int{
		"timeout_ms": request.TimeoutMs, "max_response_bytes": request.MaxResponseBytes} {
		if number != 0 {
			asked[name] = number
		}
	}
	if request.Headers != nil {
		asked["headers"] = request.Headers
	}
	asked["keep_alive"] = !request.NoKeepAlive
	asked["verify"] = !request.NoVerify
	answer, err := a.wire.ask("http.request", withBytes(asked, "body", request.Body))
	return HTTPResponse{answer.HTTPStatus, answer.Headers, bytesOf(answer.Body, answer.BodyBase64),
		answer.RetryAfterMs}, err
}

// Run serves the agent until it has enough. Never returns.
func Run(create func(*Agent) (any, error)) {
	if os.Getenv("SHOAL_WIRE") != "1" {
		fmt.Fprintf(os.Stderr, "this is a plugin of the shoal agent; try: shoal plugin run %s\n",
			os.Args[0])
		os.Exit(1)
	}
	w := &wire{file: os.NewFile(3, "agent"), calls: make(chan call, 1),
		answers: map[int64]chan message{}, cancel: func() {}}
	go w.readAll()
	var plugin any
	for {
		next := <-w.calls
		var done fields
		if next.Type == "create" {
			agent := &Agent{next.Job, next.Options, w}
			done = guarded(func() (err error) { plugin, err = create(agent); return })
		} else {
			done = w.serve(plugin, next)
		}
		done["type"], done["id"] = "done", next.ID
		w.send(done)
	}
}

func (w *wire) serve(plugin any, next call) fields {
	base := Call{next.context, next.Attempt, next.ScheduledNs, next.ID, w}
	switch next.Type {
	case "collect":
		return collect(plugin, &Round{Call: base})
	case "check":
		return check(plugin, &Round{Call: base})
	case "deliver":
		return deliver(plugin, &Batch{Call: base, Records: next.Records})
	case "start":
		if starter, ok := plugin.(Starter); ok {
			return guarded(func() error { return starter.Start(&base) })
		}
	case "stop":
		if stopper, ok := plugin.(Stopper); ok {
			return guarded(func() error { return stopper.Stop(&base) })
		}
	}
	return guarded(func() error { return nil })
}

func collect(plugin any, round *Round) fields {
	done := guarded(func() error { return plugin.(Metric).Collect(round) })
	done["samples"], done["dropped"] = append([]Sample{}, round.samples...), round.dropped
	return done
}

func check(plugin any, round *Round) fields {
	var status Status
	var text string
	done := guarded(func() (err error) { status, text, err = plugin.(Check).Check(round); return })
	if done["status"] == "ok" {
		done["report"] = fields{"status": status, "text": text}
	}
	done["samples"], done["dropped"] = append([]Sample{}, round.samples...), round.dropped
	return done
}

func deliver(plugin any, batch *Batch) fields {
	batch.Verdicts = make([]int, len(batch.Records))
	for i := range batch.Verdicts {
		batch.Verdicts[i] = Delivered
	}
	done := guarded(func() error { return plugin.(Output).Deliver(batch) })
	if done["status"] == "ok" {
		done["verdicts"] = batch.Verdicts
	}
	done["retry_after_ms"], done["next_offer_ns"] = batch.RetryAfterMs, batch.NextOfferNs
	return done
}

// guarded tells what came of it, as members of "done".
func guarded(body func() error) (done fields) {
	defer func() {
		if cause := recover(); cause != nil {
			debug.PrintStack()
			done = fields{"status": "bug", "reason": fmt.Sprint(cause)}
		}
	}()
	err := body()
	var failure Failure
	switch {
	case err == nil:
		return fields{"status": "ok"}
	case errors.As(err, &failure):
		return fields{"status": failure.Status, "reason": failure.Reason}
	case errors.Is(err, context.Canceled):
		return fields{"status": "cancelled", "reason": err.Error()}
	case errors.Is(err, context.DeadlineExceeded):
		return fields{"status": "deadline", "reason": err.Error()}
	}
	return fields{"status": "failed", "reason": err.Error()}
}

type fields map[string]any

// call is a message with the context that ends when it should.
type call struct {
	message
	context context.Context
}

// message is any from the agent, with the members of all.
type message struct {
	Type         string
	ID           int64
	Job          string
	Options      json.RawMessage
	Attempt      int
	ScheduledNs  int64 `json:"scheduled_ns"`
	TimeoutMs    int64 `json:"timeout_ms"`
	Records      []Record
	Request      int64
	Status       string
	Reason       string
	Value        string
	ValueBase64  []byte `json:"value_base64"`
	HTTPStatus   int    `json:"http_status"`
	RetryAfterMs int64  `json:"retry_after_ms"`
	Headers      [][2]string
	Body         string
	BodyBase64   []byte `json:"body_base64"`
}

// Bytes travel as text where they are UTF-8, else as base64 under a longer name.

func withBytes(members fields, name string, value []byte) fields {
	if utf8.Valid(value) {
		members[name] = string(value)
	} else {
		members[name+"_base64"] = value
	}
	return members
}

func bytesOf(text string, base64 []byte) []byte {
	if base64 != nil {
		return base64
	}
	return []byte(text)
}

// wire is the frames on descriptor 3: the length in four bytes, then a JSON object.
type wire struct {
	file  *os.File
	calls chan call

	writing sync.Mutex

	mutex   sync.Mutex // for what follows
	answers map[int64]chan message
	last    int64 // request
	running int64 // call
	cancel  func()
}

func (w *wire) send(members fields) {
	text, err := json.Marshal(members)
	if err != nil {
		panic(err)
	}
	w.writing.Lock()
	defer w.writing.Unlock()
	frame := append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...)
	if _, err := w.file.Write(frame); err != nil {
		os.Exit(0)
	}
}

func (w *wire) ask(service string, members fields) (message, error) {
	answers := make(chan message, 1)
	w.mutex.Lock()
	w.last++
	number := w.last
	w.answers[number] = answers
	w.mutex.Unlock()
	members["type"], members["request"], members["service"] = "request", number, service
	w.send(members)
	answer := <-answers
	if answer.Status != "ok" && answer.Status != "nothing" {
		return answer, Failure{answer.Status, answer.Reason}
	}
	return answer, nil
}

// readAll ends the program with the stream: the agent has gone, or wants no more of this plugin.
func (w *wire) readAll() {
	stream := bufio.NewReader(w.file)
	for {
		length := make([]byte, 4)
		if _, err := io.ReadFull(stream, length); err != nil {
			os.Exit(0)
		}
		text := make([]byte, binary.BigEndian.Uint32(length))
		var received message
		if _, err := io.ReadFull(stream, text); err != nil {
			os.Exit(0)
		}
		if err := json.Unmarshal(text, &received); err != nil {
			panic(err)
		}
		w.take(received)
	}
}

func (w *wire) take(received message) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	switch received.Type {
	case "cancel":
		if received.ID == w.running {
			w.cancel()
		}
	case "answer":
		if answers := w.answers[received.Request]; answers != nil {
			delete(w.answers, received.Request)
			answers <- received
		}
	default:
		w.cancel()
		next := call{received, context.Background()}
		if received.TimeoutMs > 0 {
			timeout := time.Duration(received.TimeoutMs) * time.Millisecond
			next.context, w.cancel = context.WithTimeout(next.context, timeout)
		}
		w.running = received.ID
		w.calls <- next
	}
}
