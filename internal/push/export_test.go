package push

import "net/http"

// NewClient is what calls push services.
func NewClient(loopback bool) *http.Client { return guard(loopback).Client() }
