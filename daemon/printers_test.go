package daemon_test

import (
	"strings"
	"testing"

	"innopay/daemon"
)

func TestPrintersStandInPrivateNetworksAlone(t *testing.T) {
	t.Parallel()
	for network, taken := range map[string]bool{
		"192.168.0.0/24": true, "10.0.0.0/8": true, "172.16.5.0/28": true, "169.254.0.0/16": true, "fd00::/8": true, "192.168.0.50/32": true,
		"0.0.0.0/0": false, "127.0.0.0/8": false, "8.8.8.0/24": false, "172.0.0.0/8": false, "192.168.0.1": false, "::/0": false, "": false, "shop": false,
	} {
		c := daemon.Config{Mode: daemon.Demo, Listen: "127.0.0.1:0", Data: t.TempDir(), Printers: daemon.Printers{Networks: []string{network}}}
		if err := c.Check(nil, nil, nil); (err == nil) != taken || err != nil && !strings.Contains(err.Error(), "printers.networks") {
			t.Errorf("%q: %v", network, err)
		}
	}
	c, err := daemon.LoadConfig("", []string{"INNOPAY_PRINTERS_NETWORKS=192.168.0.0/24, 10.1.0.0/16"})
	if err != nil || len(c.Printers.Networks) != 2 {
		t.Errorf("%+v %v", c.Printers, err)
	}
}
