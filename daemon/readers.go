package daemon

import (
	"fmt"

	"innopay/card/reader"
	"innopay/internal/web/api"
)

// Readers are the terms on which card readers are used, at every merchant.
type Readers struct {
	// PlainTracks allows readers that do not encrypt; absent: not in production. A merchant
	// may be denied them beyond that.
	PlainTracks *bool `yaml:"plainTracks"`
}

// plainTracks reports whether readers that do not encrypt may be used at all.
func (c Config) plainTracks() bool {
	if c.Readers.PlainTracks != nil {
		return *c.Readers.PlainTracks
	}
	return c.Mode != Production
}

// newReaders wires the decrypter of encrypting readers: the one that was handed in, or the
// one in software over the key folder.
func (d *Daemon) newReaders(o Options) (api.Readers, error) {
	out := api.Readers{Decrypter: o.Decrypter, ForbidPlainTrack: !o.Config.plainTracks()}
	if out.Decrypter != nil {
		return out, nil
	}
	out.Decrypter = reader.Software{Keys: d.Keys, RefusePublished: o.Config.Mode == Production}
	if o.Config.Mode != Production {
		return out, nil
	}
	set, err := d.Keys.PublishedReaderKey()
	if err != nil {
		return out, err
	}
	if set != "" {
		return out, fmt.Errorf("keys: the key of reader set %s stands in a standard or manual, which production refuses: remove it with innopay admin reader-key remove %s", set, set)
	}
	return out, nil
}
