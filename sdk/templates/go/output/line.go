package main

import (
	"strconv"

	"example.org/@NAME@/shoalwire"
)

// toLine is a sample as a line of text: name, value and Unix time in seconds.
func toLine(sample shoalwire.Record) string {
	value := strconv.FormatFloat(sample.Value, 'f', -1, 64)
	return sample.Name + " " + value + " " + strconv.FormatInt(sample.TimeNs/1e9, 10) + "\n"
}
