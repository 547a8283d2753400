// Package lan lets a demo be tried from a telephone in the same network: a certificate
// authority of its own, a certificate for the addresses of this machine, and a page from
// which the telephone takes the authority.
package lan

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// How long certificates hold. A telephone keeps the authority, so it holds longer; what
// the server shows is made anew at every start.
const (
	authorityLife = 365 * 24 * time.Hour
	authorityLeft = 30 * 24 * time.Hour // with less left than this a new one is made
	leafLife      = 30 * 24 * time.Hour
	clockSkew     = time.Hour // telephones whose clock is late
)

const (
	authorityFile = "ca.crt"
	authorityKey  = "ca.key"
	leafFile      = "server.crt"
	leafKey       = "server.key"
)

// Certificate is what a server shows, and who vouches for it.
type Certificate struct {
	File, Key   string // PEM files of the server's certificate
	Authority   []byte // DER of the authority, which telephones install
	AuthorityAt string // its PEM file
	Fingerprint string // SHA-256 of Authority, in pairs of hexadecimal digits
	Renewed     bool   // the authority is new: telephones that had the old one need this one
}

// Issue makes a certificate for the names with the authority of the folder, and the
// authority when there is none, when it ends soon or when it may not vouch for one of
// the names. Keys are readable by their owner alone (0600).
func Issue(dir string, n Names, now time.Time) (Certificate, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	renewed := false
	ca, err := readPair(dir, authorityFile, authorityKey)
	if err == nil && !ca.vouches(n, now) {
		err = fs.ErrNotExist
	}
	if errors.Is(err, fs.ErrNotExist) {
		renewed = true
		ca, err = newAuthority(dir, n, now)
	}
	if err != nil {
		return Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	leaf, err := newPair(leafTemplate(n, now), &ca)
	if err == nil {
		err = leaf.write(dir, leafFile, leafKey)
	}
	if err != nil {
		return Certificate{}, fmt.Errorf("certificate: %w", err)
	}
	return Certificate{
		File: filepath.Join(dir, leafFile), Key: filepath.Join(dir, leafKey), Authority: ca.der, AuthorityAt: filepath.Join(dir, authorityFile),
		Fingerprint: fingerprint(ca.der), Renewed: renewed,
	}, nil
}

func fingerprint(der []byte) string {
	sum := sha256.Sum256(der)
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, " ")
}

// pair is a certificate with its key.
type pair struct {
	der  []byte
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// vouches reports whether the authority is fit for a certificate of the names.
func (p pair) vouches(n Names, now time.Time) bool {
	if !p.cert.IsCA || p.cert.NotAfter.Sub(now) < authorityLeft || now.Before(p.cert.NotBefore) {
		return false
	}
	leaf, err := newPair(leafTemplate(n, now), &p)
	if err != nil {
		return false
	}
	roots := x509.NewCertPool()
	roots.AddCert(p.cert)
	_, err = leaf.cert.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now})
	return err == nil
}

func newAuthority(dir string, n Names, now time.Time) (pair, error) {
	// Whoever steals the key can stand in for machines of this network, not for a bank.
	ca, err := newPair(&x509.Certificate{
		Subject: pkix.Name{CommonName: "INNOPAY demo " + now.UTC().Format("2006-01-02"), Organization: []string{"INNOPAY demo"}},
		IsCA:    true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(authorityLife),
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: append([]string{"local"}, n.Hosts...), PermittedIPRanges: n.ranges(),
	}, nil)
	if err != nil {
		return pair{}, err
	}
	return ca, ca.write(dir, authorityFile, authorityKey)
}

func leafTemplate(n Names, now time.Time) *x509.Certificate {
	t := &x509.Certificate{
		Subject:  pkix.Name{CommonName: n.Hosts[0], Organization: []string{"INNOPAY demo"}},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true,
		NotBefore: now.Add(-clockSkew), NotAfter: now.Add(leafLife), DNSNames: n.Hosts,
	}
	for _, a := range n.Addresses {
		t.IPAddresses = append(t.IPAddresses, a.AsSlice())
	}
	return t
}

// newPair makes a key and has the authority, or itself, sign for it.
func newPair(t *x509.Certificate, authority *pair) (pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair{}, err
	}
	if t.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return pair{}, err
	}
	parent, signer := t, key
	if authority != nil {
		parent, signer = authority.cert, authority.key
	}
	der, err := x509.CreateCertificate(rand.Reader, t, parent, key.Public(), signer)
	if err != nil {
		return pair{}, err
	}
	cert, err := x509.ParseCertificate(der)
	return pair{der, cert, key}, err
}

func (p pair) write(dir, certFile, keyFile string) error {
	key, err := x509.MarshalPKCS8PrivateKey(p.key)
	if err != nil {
		return err
	}
	// The key first: a certificate whose key was not written would be believed.
	if err := replace(filepath.Join(dir, keyFile), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})); err != nil {
		return err
	}
	return replace(filepath.Join(dir, certFile), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.der}))
}

// replace writes a file of mode 0600 by rename, so that nobody reads half of it.
func replace(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // gone after the rename
	if _, err = tmp.Write(content); err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// readPair reads what write wrote. What is no such pair counts as absent.
func readPair(dir, certFile, keyFile string) (pair, error) {
	der, err := readBlock(filepath.Join(dir, certFile))
	if err != nil {
		return pair{}, err
	}
	raw, err := readBlock(filepath.Join(dir, keyFile))
	if err != nil {
		return pair{}, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return pair{}, fs.ErrNotExist
	}
	parsed, err := x509.ParsePKCS8PrivateKey(raw)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok || !key.PublicKey.Equal(cert.PublicKey) {
		return pair{}, fs.ErrNotExist
	}
	return pair{der, cert, key}, nil
}

func readBlock(path string) ([]byte, error) {
	text, err := os.ReadFile(path) //nolint:gosec // our own folder
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fs.ErrNotExist
	}
	return block.Bytes, nil
}

// private are the networks of homes, shops and machines alone (RFC 1918, 3927, 4193,
// 6598).
var private = []string{
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
}

// ranges are the addresses that the authority may vouch for.
func (n Names) ranges() []*net.IPNet {
	all := make([]netip.Prefix, 0, len(private)+len(n.Addresses))
	for _, s := range private {
		all = append(all, netip.MustParsePrefix(s))
	}
	for _, a := range n.Addresses {
		if !slices.ContainsFunc(all, func(p netip.Prefix) bool { return p.Contains(a) }) {
			all = append(all, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	out := make([]*net.IPNet, len(all))
	for i, p := range all {
		out[i] = &net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
	}
	return out
}
