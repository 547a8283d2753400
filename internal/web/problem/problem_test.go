package problem_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"innopay/fault"
	"innopay/internal/merchant"
	"innopay/internal/web/problem"
	"innopay/internal/web/visit"
)

func TestStatus(t *testing.T) {
	t.Parallel()
	for kind, want := range map[fault.Kind]int{
		fault.Internal: 500, fault.Malformed: 400, fault.Invalid: 422, fault.Unauthenticated: 401, fault.Forbidden: 403,
		fault.NotFound: 404, fault.Conflict: 409, fault.TooMany: 429, fault.Unavailable: 503,
	} {
		p := problem.Of(&visit.Visit{}, fmt.Errorf("wrapped: %w", fault.New(kind, "SOME_CODE", "문장이에요.")))
		if p.GetStatus() != want {
			t.Errorf("%d: %d", kind, p.GetStatus())
		}
		waits := want == 429 || want == 503
		if p.Retryable != waits || (p.GetHeaders().Get("Retry-After") != "") != waits {
			t.Errorf("%d: retryable %v, headers %v", want, p.Retryable, p.GetHeaders())
		}
		if internal := p.Code == "INTERNAL"; internal != (want == 500) {
			t.Errorf("%d: code %s", want, p.Code)
		}
	}
}

func TestCausesAreNeverTold(t *testing.T) {
	t.Parallel()
	const secret = "password=hunter2"
	for _, err := range []error{
		errors.New(secret), fault.New(fault.Internal, "RENDER", secret), fault.New(fault.Conflict, "X", "y").Because(errors.New(secret)),
		fmt.Errorf("%s: %w", secret, context.Canceled),
	} {
		b, merr := json.Marshal(problem.Of(&visit.Visit{}, err))
		if merr != nil || strings.Contains(string(b), "hunter2") {
			t.Errorf("%s: %v", b, merr)
		}
	}
}

func TestFurtherMembers(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r = r.WithContext(visit.With(r.Context(), &visit.Visit{TraceID: "trc_1", English: true}))
	problem.Write(w, r, merchant.ErrCancelPasswordWrong.WithDetail("triesLeft", "3").WithDetail("paymentId", "pay_1").WithRetryAfter(1500*time.Millisecond))
	want := `{"type":"/docs/errors#CANCEL_PASSWORD_WRONG","title":"Forbidden","status":403,` +
		`"detail":"The cancel password is wrong. triesLeft says how many tries are left.","code":"CANCEL_PASSWORD_WRONG",` +
		`"message":"The cancel password is wrong. triesLeft says how many tries are left.","traceId":"trc_1","retryable":false,` +
		`"paymentId":"pay_1","triesLeft":3}` + "\n"
	if got := w.Body.String(); got != want {
		t.Errorf("%s", got)
	}
	if w.Header().Get("Retry-After") != "2" {
		t.Errorf("Retry-After %q", w.Header().Get("Retry-After"))
	}
}

// unexplained are codes that never reach a caller under their own name: faults of
// kind Internal, and what only the program's own commands meet.
var unexplained = map[string]bool{
	"ILLEGAL_TRANSITION": true, "RENDER": true, "MALFORMED_SETTINGS": true,
}

// fieldOnly are codes of values that only the operator's commands send.
var fieldOnly = regexp.MustCompile(`^internal/merchant/`)

// TestEveryCodeIsExplained reads the code for the faults it makes.
func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	tree := os.DirFS("../../..")
	found := 0
	for _, dir := range []string{"internal/payment", "internal/payrequest", "internal/message", "internal/taxreceipt", "internal/printer", "internal/merchant", "internal/contract", "internal/approval", "internal/catalog", "internal/web", "daemon"} {
		err := fs.WalkDir(tree, dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			src, err := fs.ReadFile(tree, path)
			if err != nil {
				return err
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, src, 0)
			if err != nil {
				return err
			}
			ast.Inspect(file, func(n ast.Node) bool {
				code, ok := codeOf(n)
				if !ok {
					return true
				}
				found++
				if !problem.Known(code) && !unexplained[code] && !fieldOnly.MatchString(path) {
					t.Errorf("%s: the error page does not explain %s", path, code)
				}
				return true
			})
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	if found < 60 {
		t.Errorf("only %d faults found: the test reads the wrong calls", found)
	}
}

var upperSnake = regexp.MustCompile(`^[A-Z][A-Z_]+$`)

// codeOf is the code of a call that makes a fault or names a wrong field: the first
// text in upper case.
func codeOf(n ast.Node) (string, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return "", false
	}
	name := ""
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	at, ok := map[string]int{"New": 1, "InvalidField": 1, "WithField": 1, "add": 1, "That": 2, "wrong": 1}[name]
	if !ok {
		return "", false
	}
	for _, arg := range call.Args[:min(at+1, len(call.Args))] {
		lit, ok := arg.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			continue
		}
		if code, err := strconv.Unquote(lit.Value); err == nil && upperSnake.MatchString(code) {
			return code, true
		}
	}
	return "", false
}

func TestTableIsWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range problem.Codes() {
		if seen[r.Code] && r.Code != "NOT_FOUND" || r.English == "" || r.Korean == "" || r.Status < 400 || !upperSnake.MatchString(r.Code) {
			t.Errorf("%+v", r)
		}
		seen[r.Code] = true
	}
	for _, r := range problem.FieldCodes() {
		if r.English == "" || !upperSnake.MatchString(r.Code) {
			t.Errorf("%+v", r)
		}
	}
}
