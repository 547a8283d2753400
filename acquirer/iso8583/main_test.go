package iso8583_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain: a link that was closed leaves no goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
