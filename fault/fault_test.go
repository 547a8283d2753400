package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"innopay/fault"
)

var errTaken = fault.New(fault.Conflict, "TAKEN", "이미 있어요.")

func TestZeroIsOurs(t *testing.T) {
	t.Parallel()
	if got := (&fault.Error{}).Kind; got != fault.Internal {
		t.Errorf("the zero fault is of kind %v", got)
	}
	for _, err := range []error{nil, io.EOF, fmt.Errorf("wrapped: %w", io.EOF)} {
		if fault.KindOf(err) != fault.Internal || fault.CodeOf(err) != "INTERNAL" {
			t.Errorf("%v: %v %s", err, fault.KindOf(err), fault.CodeOf(err))
		}
	}
}

// TestCopies: the With methods never change the fault they are called on, which is
// often a package's variable.
func TestCopies(t *testing.T) {
	t.Parallel()
	base := fault.New(fault.Invalid, "WRONG", "틀렸어요.").WithField("/a", "A", "가").WithDetail("k", "1")
	one := base.WithField("/b", "B", "나")
	two := base.WithField("/c", "C", "다")
	detailed := base.WithDetail("k", "2").WithDetail("l", "3")
	late := base.WithRetryAfter(time.Second)
	caused := base.Because(io.EOF)
	if len(base.Fields) != 1 || base.Details["k"] != "1" || base.RetryAfter != 0 || base.Err != nil || base.Details["l"] != "" {
		t.Errorf("changed: %+v", base)
	}
	if one.Fields[1].Path != "/b" || two.Fields[1].Path != "/c" {
		t.Errorf("two copies share their fields: %+v, %+v", one.Fields, two.Fields)
	}
	if diff := cmp.Diff(map[string]string{"k": "2", "l": "3"}, detailed.Details); diff != "" {
		t.Error(diff)
	}
	if late.RetryAfter != time.Second || !errors.Is(caused, io.EOF) {
		t.Errorf("%+v, %+v", late, caused)
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	told := fmt.Errorf("create: %w", errTaken.WithDetail("paymentId", "pay_1").WithField("/id", "ID", "가").Because(io.EOF))
	if !errors.Is(told, errTaken) || !errors.Is(told, io.EOF) || fault.KindOf(told) != fault.Conflict || fault.CodeOf(told) != "TAKEN" {
		t.Errorf("%v is not recognised", told)
	}
	for _, other := range []error{fault.New(fault.Conflict, "OTHER", ""), fault.New(fault.NotFound, "TAKEN", ""), io.ErrUnexpectedEOF} {
		if errors.Is(told, other) {
			t.Errorf("%v is taken for %v", told, other)
		}
	}
}

// TestTextForLogs: code, fields and cause, and never what people read or the values.
func TestTextForLogs(t *testing.T) {
	t.Parallel()
	err := fault.InvalidField("/card/number", "NUMBER", "번호를 확인해 주세요.").WithField("/amount", "RANGE", "금액").WithDetail("k", "v").Because(io.EOF)
	if got, want := err.Error(), "INVALID_REQUEST /card/number:NUMBER /amount:RANGE: EOF"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if err.Kind != fault.Invalid || strings.Contains(err.Error(), err.Message) {
		t.Errorf("%+v", err)
	}
}

func TestChecks(t *testing.T) {
	t.Parallel()
	var c fault.Checks
	c.That(true, "/a", "A", "가")
	if err := c.Err(); err != nil {
		t.Errorf("nothing is wrong, yet %v", err)
	}
	c.That(false, "/b", "B", "나")
	c.That(true, "/c", "C", "다")
	c.That(false, "/d", "D", "라")
	got, ok := errors.AsType[*fault.Error](c.Err())
	if !ok || got.Kind != fault.Invalid {
		t.Fatalf("%v", c.Err())
	}
	want := []fault.Field{{Path: "/b", Code: "B", Message: "나"}, {Path: "/d", Code: "D", Message: "라"}}
	if diff := cmp.Diff(want, got.Fields); diff != "" {
		t.Error(diff)
	}
}
