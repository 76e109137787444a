// SPDX-License-Identifier: MIT

// A check: whether a TCP port accepts connections, and how soon. A wire plugin: this program and
// example_port.shoal.json lie side by side in the plugin directory under check/.
package main

import (
	"errors"
	"fmt"
	"net"
	"time"

	"example.org/example_port/shoalwire"
)

type port struct {
	Address  string
	Warning  int64 // milliseconds
	Critical int64
}

func create(agent *shoalwire.Agent) (any, error) {
	p := &port{}
	if err := agent.Options(p); err != nil {
		return nil, err
	}
	if _, _, err := net.SplitHostPort(p.Address); err != nil {
		return nil, shoalwire.Failure{Status: "config", Reason: "address: " + err.Error()}
	}
	if p.Critical < p.Warning {
		return nil, shoalwire.Failure{Status: "config",
			Reason: "critical: expected no less than warning"}
	}
	return p, nil
}

func (p *port) Check(round *shoalwire.Round) (shoalwire.Status, string, error) {
	dialer := net.Dialer{Timeout: time.Duration(p.Critical) * time.Millisecond}
	began := time.Now()
	connection, err := dialer.DialContext(round, "tcp", p.Address)
	took := time.Since(began)
	if round.Err() != nil { // nobody waits for a verdict any more
		return shoalwire.Unknown, "", round.Err()
	}
	var failure net.Error
	if errors.As(err, &failure) && failure.Timeout() {
		return shoalwire.Critical, fmt.Sprintf("%s: no answer within %d ms", p.Address, p.Critical), nil
	}
	if err != nil {
		return shoalwire.Critical, err.Error(), nil
	}
	connection.Close()
	round.Gauge("example_port.seconds", took.Seconds(), "seconds")
	return p.judge(took), fmt.Sprintf("%s accepts within %d ms", p.Address, took.Milliseconds()), nil
}

func (p *port) judge(took time.Duration) shoalwire.Status {
	if took.Milliseconds() > p.Warning {
		return shoalwire.Warning
	}
	return shoalwire.OK
}

func main() { shoalwire.Run(create) }
