package store

import "time"

// Pool is how a pool of connections does.
type Pool struct {
	Name                   string
	Max, Open, InUse, Idle int
	Waits                  int64         // for a free connection, since the start
	Waited                 time.Duration // in all
}

// Pools are those of this process: one on PostgreSQL, writer and readers on SQLite.
func (db *DB) Pools() []Pool { return db.engine.pools() }

func (p *postgres) pools() []Pool {
	s := p.pool.Stat()
	return []Pool{{
		Name: "postgres", Max: int(s.MaxConns()), Open: int(s.TotalConns()), InUse: int(s.AcquiredConns()), Idle: int(s.IdleConns()),
		Waits: s.EmptyAcquireCount(), Waited: s.EmptyAcquireWaitTime(),
	}}
}

// pools of SQLite: the one connection that writes is free while its turn waits for somebody.
func (l *lite) pools() []Pool {
	s := l.readers.Stats()
	out := []Pool{{
		Name: "read", Max: s.MaxOpenConnections, Open: s.OpenConnections, InUse: s.InUse, Idle: s.Idle, Waits: s.WaitCount, Waited: s.WaitDuration,
	}}
	if l.conn != nil {
		free := len(l.turn)
		out = append(out, Pool{Name: "write", Max: 1, Open: 1, InUse: 1 - free, Idle: free})
	}
	return out
}
