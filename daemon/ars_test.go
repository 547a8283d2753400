package daemon_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"innopay/daemon"
	"innopay/internal/ars/trunk"
)

func TestALineThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for want, line := range map[string]daemon.ARS{
		"":                 {},
		"ars.number":       {Config: trunk.Config{Listen: "127.0.0.1:5060"}},
		"telephone number": {Config: trunk.Config{Number: "02-123"}},
		"ars.listen":       {Config: trunk.Config{Number: "0200000099", Listen: "5060"}},
		"trunks[0]":        {Config: trunk.Config{Number: "0200000099", Listen: "127.0.0.1:5060", Trunks: []trunk.Trunk{{Name: "carrier"}}}},
	} {
		c := daemon.Config{Mode: daemon.Demo, Listen: "127.0.0.1:0", Data: t.TempDir(), ARS: line}
		err := c.Check(nil, nil, nil)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", line.Config, err)
		}
	}
}

func TestTheFileNamesTheLineAndItsTrunks(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "innopay.yaml")
	must(t, os.WriteFile(file, []byte("ars:\n  number: \"0200000099\"\n  promptsDir: /prompts\n  trunks:\n    - name: carrier\n      networks: [198.51.100.0/28]\n"), 0o600))
	c, err := daemon.LoadConfig(file, nil)
	if err != nil || c.ARS.Number != "0200000099" || c.ARS.PromptsDir != "/prompts" || len(c.ARS.Trunks) != 1 || c.ARS.Trunks[0].Name != "carrier" {
		t.Errorf("%+v %v", c.ARS, err)
	}
}

func TestTheEnvironmentNamesTheLine(t *testing.T) {
	t.Parallel()
	c, err := daemon.LoadConfig("", []string{"INNOPAY_ARS_NUMBER=0200000099", "INNOPAY_ARS_LISTEN=127.0.0.1:5060", "INNOPAY_ARS_PROMPTS_DIR=/prompts"})
	if err != nil || c.ARS.Number != "0200000099" || c.ARS.Listen != "127.0.0.1:5060" || c.ARS.PromptsDir != "/prompts" {
		t.Errorf("%+v %v", c.ARS, err)
	}
}
