package main

import (
	"fmt"
	"os"
	"strings"
)

// fileNr is how many files are open on this host, and how many may be.
type fileNr struct{ open, most float64 }

// parseFileNr reads the text of /proc/sys/fs/file-nr.
func parseFileNr(text string) (found fileNr, err error) {
	var unused float64
	if _, err = fmt.Sscan(text, &found.open, &unused, &found.most); err != nil {
		err = fmt.Errorf("expected three numbers, found %q", strings.TrimSpace(text))
	}
	return
}

func readFileNr(path string) (fileNr, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return fileNr{}, err
	}
	return parseFileNr(string(text))
}
