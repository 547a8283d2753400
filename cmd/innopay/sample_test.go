package main_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"innopay/acquirer"
	"innopay/acquirer/iso8583"
	"innopay/daemon"

	main "innopay/cmd/innopay"
)

// TestTheSampleConfigurationIsOne holds the sample against what the program reads: as
// it lies there, and with what it shows of messages in comments.
func TestTheSampleConfigurationIsOne(t *testing.T) {
	t.Parallel()
	sample, err := os.ReadFile("../../deploy/innopay.yaml")
	if err != nil {
		t.Fatal(err)
	}
	head, tail, found := bytes.Cut(sample, []byte("# Gateways of texts"))
	if !found {
		t.Fatal("the sample has no part about messages")
	}
	whole := append(bytes.Clone(head), regexp.MustCompile(`(?m)^# ([ a-z].*)$`).ReplaceAll(append([]byte("# Gateways of texts"), tail...), []byte("$1"))...)
	for name, text := range map[string][]byte{"as it lies there": sample, "with its messages": whole} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "innopay.yaml")
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := daemon.LoadConfig(file, nil)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Check([]acquirer.Adapter{iso8583.Adapter}, main.Gateways, nil); err != nil {
				t.Error(err)
			}
			if told := len(c.Messengers) > 0 && c.Messages.Sender != "" && c.Messages.Limits != nil; told != (name == "with its messages") {
				t.Errorf("messages configured: %t", told)
			}
		})
	}
}
