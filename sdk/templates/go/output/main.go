// @NAME@: appends samples to a file, a line each.
package main

import (
	"os"
	"strings"

	"example.org/@NAME@/shoalwire"
)

type lineFile struct{ Path string }

func create(agent *shoalwire.Agent) (any, error) {
	made := &lineFile{}
	return made, agent.Options(made)
}

func (l *lineFile) Deliver(batch *shoalwire.Batch) error {
	var lines strings.Builder
	for _, record := range batch.Records {
		if record.Kind == "sample" {
			lines.WriteString(toLine(record))
		}
	}
	if err := l.add(lines.String()); err != nil {
		// The agent keeps the batch until the file can be written.
		return shoalwire.Failure{Status: "retry", Reason: err.Error()}
	}
	return nil
}

func (l *lineFile) add(lines string) error {
	file, err := os.OpenFile(l.Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(lines)
	return err
}

func main() { shoalwire.Run(create) }
