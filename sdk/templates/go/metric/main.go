// @NAME@: how many files are open on this host.
package main

import "example.org/@NAME@/shoalwire"

type openFiles struct{ Path string }

func create(agent *shoalwire.Agent) (any, error) {
	made := &openFiles{}
	return made, agent.Options(made)
}

func (o *openFiles) Collect(round *shoalwire.Round) error {
	found, err := readFileNr(o.Path)
	if err != nil {
		return err
	}
	round.Gauge("@NAME@.open", found.open, "integer")
	round.Gauge("@NAME@.most", found.most, "integer")
	return nil
}

func main() { shoalwire.Run(create) }
