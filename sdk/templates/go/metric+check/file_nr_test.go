package main

import "testing"

func TestReadsARecordedFile(t *testing.T) {
	found, err := readFileNr("testdata/file-nr")

	if err != nil || found != (fileNr{1184, 2466170}) {
		t.Error(found, err)
	}
}

func TestSaysWhatItFoundInstead(t *testing.T) {
	_, err := parseFileNr("1184 files\n")

	if err == nil || err.Error() != `expected three numbers, found "1184 files"` {
		t.Error(err)
	}
}
