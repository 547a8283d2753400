package trunk

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"sync"
	"time"

	"innopay/clock"
)

// certCheck is how often the certificate's file is looked at.
const certCheck = 10 * time.Second

// certificate is the server's; it is read again when its file has changed, so that a
// renewal ends no call.
type certificate struct {
	cert, key string
	clock     clock.Clock

	mu      sync.Mutex
	loaded  *tls.Certificate
	stamp   time.Time // of the file
	checked time.Time
}

// newCertificate fails when the files cannot be read.
func newCertificate(cert, key string, c clock.Clock) (*certificate, error) {
	out := &certificate{cert: cert, key: key, clock: c}
	_, err := out.get(nil)
	return out, err
}

// get is a tls.Config.GetCertificate. While new files cannot be read the old certificate
// serves on: they may be half written.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.clock.Now()
	if c.loaded != nil && now.Sub(c.checked) < certCheck {
		return c.loaded, nil
	}
	c.checked = now
	info, err := os.Stat(c.cert)
	if err == nil && c.loaded != nil && info.ModTime().Equal(c.stamp) {
		return c.loaded, nil
	}
	pair, loadErr := tls.LoadX509KeyPair(c.cert, c.key)
	switch {
	case loadErr == nil && err == nil:
		c.loaded, c.stamp = &pair, info.ModTime()
	case c.loaded == nil:
		return nil, loadErr
	}
	return c.loaded, nil
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12}
}

// clientTLS is how carriers are dialled; the library sets the name that is checked.
func clientTLS(roots *x509.CertPool) *tls.Config {
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}
