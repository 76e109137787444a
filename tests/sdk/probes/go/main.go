// Does what its option "act" says, through shoalwire.
package main

import (
	"fmt"
	"math"
	"sync"

	"example.org/probe/shoalwire"
)

type probe struct {
	Act   string
	agent *shoalwire.Agent
}

func create(agent *shoalwire.Agent) (any, error) {
	p := &probe{agent: agent}
	if err := agent.Options(p); err != nil {
		return nil, err
	}
	if p.Act == "refuse" {
		return nil, shoalwire.Failure{Status: "config", Reason: "act: expected something better"}
	}
	return p, nil
}

func (p *probe) Start(call *shoalwire.Call) error {
	p.agent.Log("info", fmt.Sprintf("%s starts, attempt %d", p.agent.Job, call.Attempt))
	return nil
}

func (p *probe) Check(round *shoalwire.Round) (shoalwire.Status, string, error) {
	round.Gauge("probe.value", 3, "")
	return shoalwire.Critical, "it is broken", nil
}

func (p *probe) Deliver(batch *shoalwire.Batch) error {
	if p.Act == "none" {
		return nil
	}
	batch.RetryAfterMs, batch.NextOfferNs = 1500, batch.ScheduledNs+1
	for i, record := range batch.Records {
		if record.Kind == "event" {
			batch.Verdicts[i] = shoalwire.Rejected
		}
	}
	return nil
}

func (p *probe) Collect(round *shoalwire.Round) error {
	return map[string]func(*shoalwire.Round) error{
		"say":        p.say,
		"say_many":   p.sayMany,
		"fail":       p.fail,
		"crash":      p.crash,
		"remember":   p.remember,
		"forget":     p.forget,
		"fetch":      p.fetch,
		"identify":   p.identify,
		"wait":       p.wait,
		"in_threads": p.inThreads,
		"print":      p.print,
	}[p.Act](round)
}

func (p *probe) say(round *shoalwire.Round) error {
	round.Gauge("probe.gauge", 1.5, "seconds")
	round.Say(shoalwire.Sample{Name: "probe.counter", Value: 1<<53 - 1, Kind: "counter",
		Labels: [][2]string{{"cpu", "0"}}, PerSeconds: 60})
	round.Gauge("probe.nan", math.NaN(), "")
	round.Gauge("probe.infinite", math.Inf(1), "")
	return nil
}

func (p *probe) sayMany(round *shoalwire.Round) error {
	for number := 0; number < 2500; number++ {
		round.Gauge(fmt.Sprintf("probe.%d", number), float64(number), "")
	}
	return nil
}

func (p *probe) fail(round *shoalwire.Round) error {
	round.Gauge("probe.before", 1, "")
	return shoalwire.Failure{Status: "retry", Reason: "the cup is empty"}
}

func (p *probe) crash(*shoalwire.Round) error { panic("nothing of that name") }

func (p *probe) remember(round *shoalwire.Round) error {
	before, err := p.agent.State("runs")
	if before == nil {
		before = []byte{0xff}
	}
	round.Gauge("probe.bytes", float64(len(before)), "")
	if err != nil {
		return err
	}
	return p.agent.SetState("runs", append(before, '1'))
}

func (p *probe) forget(*shoalwire.Round) error { return p.agent.RemoveState("runs") }

func (p *probe) fetch(round *shoalwire.Round) error {
	response, err := p.agent.HTTP(shoalwire.HTTPRequest{Method: "POST", URL: "http://x.test/",
		Headers: [][2]string{{"A", "b"}}, Body: []byte{0xfe}, TimeoutMs: 500})
	if err != nil {
		return err
	}
	round.Gauge("probe.status", float64(response.Status), "")
	round.Gauge("probe.bytes", float64(len(response.Body)), "")
	return nil
}

func (p *probe) identify(*shoalwire.Round) error {
	if id, err := p.agent.Identity("host_id"); id != "" || err != nil {
		return fmt.Errorf("expected no id, found %q, %v", id, err)
	}
	name, err := p.agent.Identity("host_name")
	p.agent.Log("warning", name)
	return err
}

func (p *probe) wait(round *shoalwire.Round) error {
	<-round.Done()
	return round.Err()
}

func (p *probe) inThreads(*shoalwire.Round) error {
	var all sync.WaitGroup
	for i := 0; i < 20; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			p.agent.SetState("key", make([]byte, 1000))
		}()
	}
	all.Wait()
	return nil
}

func (p *probe) print(*shoalwire.Round) error {
	fmt.Println("a word to the log")
	return nil
}

func main() { shoalwire.Run(create) }
