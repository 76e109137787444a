// @NAME@: whether this host runs out of open files.
package main

import (
	"fmt"

	"example.org/@NAME@/shoalwire"
)

type openFiles struct{ Warning, Critical float64 }

func create(agent *shoalwire.Agent) (any, error) {
	made := &openFiles{}
	if err := agent.Options(made); err != nil {
		return nil, err
	}
	if made.Critical < made.Warning {
		return nil, shoalwire.Failure{Status: "config", Reason: "critical: expected no less than warning"}
	}
	return made, nil
}

func (o *openFiles) Check(*shoalwire.Round) (shoalwire.Status, string, error) {
	found, err := readFileNr("/proc/sys/fs/file-nr")
	if err != nil {
		return shoalwire.Unknown, "", err
	}
	text := fmt.Sprintf("%.0f of %.0f files are open", found.open, found.most)
	return o.judge(100 * found.open / found.most), text, nil
}

func (o *openFiles) judge(percentage float64) shoalwire.Status {
	switch {
	case percentage > o.Critical:
		return shoalwire.Critical
	case percentage > o.Warning:
		return shoalwire.Warning
	}
	return shoalwire.OK
}

func main() { shoalwire.Run(create) }
