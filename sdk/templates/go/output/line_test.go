package main

import (
	"os"
	"testing"

	"example.org/@NAME@/shoalwire"
)

func TestAgreesWithARecordedFile(t *testing.T) {
	recorded, _ := os.ReadFile("testdata/lines.txt")

	lines := toLine(shoalwire.Record{Name: "cpu.user.percentage", Value: 12.5, TimeNs: 1767366000e9}) +
		toLine(shoalwire.Record{Name: "loadavg1", Value: 0.25, TimeNs: 1767366060e9})

	if lines != string(recorded) {
		t.Errorf("%q", lines)
	}
}
