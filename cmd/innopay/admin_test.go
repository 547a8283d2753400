package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
)

// admin runs the command on a data folder.
func admin(t *testing.T, dir string, args ...string) (code int, said, failed string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(append([]string{"admin", "--data", dir}, args...), &out, &errs)
	return code, out.String(), errs.String()
}

// TestAdminOpensAShop walks from an empty folder to a merchant whose owner can set
// up everything by one-time links.
func TestAdminOpensAShop(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must := func(want string, args ...string) string {
		t.Helper()
		code, said, failed := admin(t, dir, args...)
		if code != 0 || !regexp.MustCompile(want).MatchString(said) {
			t.Fatalf("%v: %d %q %q, want %s", args, code, said, failed, want)
		}
		return said
	}
	const link = `(?s)^/activate/\S{22,}\nworks once, until .+\n$`
	must(link, "operator", "first-operator")
	id := strings.TrimSpace(must(`^mer_\w+\n$`, "merchant", "--name", "시험 상점", "--business-number", "1208147521", "--owner", "대표",
		"--address", "서울", "--phone", "0212345678", "--tid", "T0000001", "--mid", "M00000001"))
	must(link, "user", id, "shop-owner", "--name", "점주", "--role", "OWNER")
	must(link, "user", id, "shop-staff", "--name", "점원")
	must(link, "cancel-password", id)
	must(`^sk_test_\S+\n$`, "key", id, "--name", "POS")
	must(`^sk_live_\S+\n$`, "key", id, "--name", "POS", "--live")
	must("SINCE", "unsettled")
	must("^$", "rotate-keys")
	must("^$", "status", id, "SUSPENDED")
	must(id+`\s+SUSPENDED\s+TAXABLE\s+1208147521\s+시험 상점`, "merchants")

	for name, args := range map[string][]string{
		"a login id twice":       {"user", id, "shop-owner", "--name", "다른 사람"},
		"a merchant nobody made": {"user", "mer_00000000000000000000000000", "new-one", "--name", "점원"},
		"a business number":      {"merchant", "--name", "x", "--business-number", "1234567890", "--owner", "x", "--address", "x", "--phone", "0212345678", "--tid", "T2", "--mid", "M2"},
		"a payment nobody made":  {"settle", id, "pay_00000000000000000000000000", "--as", "ABORTED"},
	} {
		if code, said, failed := admin(t, dir, args...); code != exitBroken || said != "" || !strings.HasPrefix(failed, "innopay: ") {
			t.Errorf("%s: %d %q %q", name, code, said, failed)
		}
	}
	if code, _, failed := admin(t, dir, "status", id, "ASLEEP"); code != exitRefused || !strings.Contains(failed, "ACTIVE") {
		t.Errorf("a status that is none: %d %q", code, failed)
	}
	if code, _ := verify(t, "--data", dir); code != 0 {
		t.Errorf("the books afterwards: %d", code)
	}
}
