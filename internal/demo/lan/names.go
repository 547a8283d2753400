package lan

import (
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
)

// Names are what a machine is reached by.
type Names struct {
	Primary   string       // the address that others are told
	Addresses []netip.Addr // those a certificate is for
	Hosts     []string     // names a certificate is for; never empty
}

// NamesOf are the names of a server that listens on the host: its own address, or, where
// it listens on all, every address of the machine, that of the way out first.
func NamesOf(host string) Names {
	n := Names{Hosts: []string{"localhost"}}
	if name, err := os.Hostname(); err == nil {
		n.Hosts = append(n.Hosts, hostNames(name)...)
	}
	local := []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}
	a, err := netip.ParseAddr(host)
	switch {
	case err == nil && !a.IsUnspecified():
		n.Addresses = append(n.Addresses, a.Unmap().WithZone(""))
	case err != nil && host != "": // a name
		n.Primary = host
		if !slices.Contains(n.Hosts, strings.ToLower(host)) {
			n.Hosts = append(n.Hosts, hostNames(host)...)
		}
		n.Addresses = append(n.Addresses, local...)
	default:
		n.Addresses = append(machine(), local...)
	}
	if n.Primary == "" {
		n.Primary = n.Addresses[0].String()
	}
	return n
}

// hostNames are a machine's name as certificates take it, alone and as the network's own
// directory knows it (RFC 6762).
func hostNames(name string) []string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return nil
		}
	}
	if name == "localhost" || len(name) > 240 {
		return nil
	}
	if strings.Contains(name, ".") {
		return []string{name}
	}
	return []string{name, name + ".local"}
}

// machine lists the addresses that others in the network can reach, the one by which this
// machine itself goes out first, those of machines inside the machine last.
func machine() []netip.Addr {
	var near, inner []netip.Addr
	faces, _ := net.Interfaces() // none: then only the machine itself is served
	for _, f := range faces {
		if f.Flags&net.FlagUp == 0 || f.Flags&net.FlagLoopback != 0 {
			continue
		}
		found, _ := f.Addrs() // an interface that went away has none
		for _, each := range found {
			p, err := netip.ParsePrefix(each.String())
			if err != nil || p.Addr().IsLinkLocalUnicast() {
				continue
			}
			if virtual(f.Name) {
				inner = append(inner, p.Addr().Unmap())
			} else {
				near = append(near, p.Addr().Unmap())
			}
		}
	}
	all := slices.Concat(near, inner)
	if out, ok := wayOut(); ok {
		all = slices.Insert(slices.DeleteFunc(all, func(a netip.Addr) bool { return a == out }), 0, out)
	}
	return all
}

func virtual(name string) bool {
	return slices.ContainsFunc([]string{"docker", "br-", "veth", "virbr", "vmnet"}, func(p string) bool { return strings.HasPrefix(name, p) })
}

// wayOut is the address from which this machine would send; nothing is sent.
func wayOut() (netip.Addr, bool) {
	c, err := net.Dial("udp4", "192.0.2.1:9") //nolint:noctx // choosing a route waits for nobody (RFC 5737 address)
	if err != nil {
		return netip.Addr{}, false
	}
	defer c.Close()
	at, err := netip.ParseAddrPort(c.LocalAddr().String())
	return at.Addr().Unmap(), err == nil && !at.Addr().IsLoopback()
}
